using System.Text;

namespace Retort.Fuzzing.Mutation;

/// <summary>Mutations of text by tokens and lines: JSON, YAML, XML, and files with one object per line. Some break the encoding.</summary>
public sealed class TextMutator(params IReadOnlyList<string> words) : IMutator
{
    private const int LongestInput = 1 << 16;
    private const int DeepestNesting = 4000;

    private static readonly byte[][] s_numbers =
    [
        .. ((string[])[
            "0", "-0", "1", "-1", "0.5", "-0.5", "1e-320", "1e308", "1e309", "-1e309", "1e999999999", "NaN", "nan", "Infinity",
                "-Infinity", "inf", ".inf", ".nan",
            "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808",
                "-9223372036854775809", "18446744073709551616",
            "99999999999999999999999999999999999999999", "0x10", "0o7", "1_000", "1,5", "+1", "01", "1.", ".5", "1e", "--1", "0.1e1",
                "true", "false", "null", "\"1\"", "'1'", "[]", "{}", "~", "",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] s_breaking =
    [
        [0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0x00], [0x1B], [0x7F],
            [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x0D], [0x0D, 0x0A], [0x09],
        [0xC2, 0x85], [0xE2, 0x80, 0xA8], [0xC2, 0xA0], [0xF0, 0x9F, 0x98, 0x80],
        .. ((string[])[
            "\\ud800", "\\udc00\\ud800", "\\u0000", "\\x", "\\", "\\U00110000", "\\uZZZZ", "&amp;", "&#0;", "&#x110000;", "&lol;",
                "<!--", "-->", "<![CDATA[", "]]>", "<?xml?>", "<!DOCTYPE a [<!ENTITY lol \"lol\">]>",
            "---\n", "...\n", "%YAML 9.9\n", "&a ", "*a ", "!!binary ", "!!python/object:os.system ", "<<: ", "? ", "| \n", "> \n", "- ",
                ": ", "# ", "{", "}", "[", "]", ",", "\"", "'", "\t", "@", "`", "${", "${A:-${A}}", "../", "/", "%n",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly (byte[] Open, byte[] Close)[] s_nesting = [("["u8.ToArray(), "]"u8.ToArray()),
        ("{\"a\":"u8.ToArray(), "}"u8.ToArray()), ("<a>"u8.ToArray(), "</a>"u8.ToArray()), ("- "u8.ToArray(), []),
        ("{a: "u8.ToArray(), "}"u8.ToArray()), ("${A:-"u8.ToArray(), "}"u8.ToArray())];

    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        byte[] text = seed;
        for (int n = random.Mutations(); n > 0; n--)
        {
            text = Once(text, seeds, random);
        }

        return text.Length > LongestInput ? text[..LongestInput] : text;
    }

    private byte[] Once(byte[] text, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        int kind = random.Below(100);
        return kind < 55 ? Pieces(text, seeds, Tokens(text), random)
            : kind < 75 ? Pieces(text, seeds, Lines(text), random)
            : kind < 80 ? Nested(text, random)
            : kind < 90 ? Inserted(text, random.Pick(s_breaking), random)
            : kind < 92 ? Encoded(text, random)
            : kind < 94 ? text[..random.Below(text.Length)]
            : Flipped(text, random);
    }

    private byte[] Pieces(byte[] text, IReadOnlyList<byte[]> seeds, List<Range> pieces, FuzzRandom random)
    {
        if (pieces.Count == 0)
        {
            return text;
        }

        Range one = random.Pick(pieces), two = random.Pick(pieces);
        switch (random.Below(9))
        {
            case 0:
                return [.. text[..one.Start], .. text[one.End..]];
            case 1:
                return [.. text[..one.End], .. Repeated(text[one], random.Chance(90) ? 1 : random.Length(2000)), .. text[one.End..]];
            case 2:
                (Range first, Range second) = one.Start.Value <= two.Start.Value ? (one, two) : (two, one);
                return first.Equals(second) ? text : [.. text[..first.Start], .. text[second], .. text[first.End..second.Start],
                    .. text[first], .. text[second.End..]];
            case 3:
                return [.. text[..one.Start], .. text[two], .. text[one.End..]];
            case 4:
                byte[] other = random.Pick(seeds);
                List<Range> others = Tokens(other);
                int from = random.Below(others.Count), to = Math.Min(others.Count, from + random.Length(200));
                return others.Count == 0 ? text : [.. text[..one.Start], .. other[others[from].Start..others[to - 1].End],
                    .. text[one.End..]];
            case 5 when _words.Length > 0:
                return [.. text[..one.Start], .. random.Pick(_words), .. text[(random.Chance(50) ? one.Start : one.End)..]];
            case 6 or 7:
                Range[] numbers = [.. pieces.Where(p => text[p.Start.Value] is (>= (byte)'0' and <= (byte)'9') or (byte)'-')];
                Range number = numbers.Length > 0 ? random.Pick(numbers) : one;
                return [.. text[..number.Start], .. random.Pick(s_numbers), .. text[number.End..]];
            default:
                return [.. text[..one.Start], .. random.Pick(s_numbers), .. text[one.End..]];
        }
    }

    private static byte[] Nested(byte[] text, FuzzRandom random)
    {
        int at = random.Below(text.Length + 1), depth = Math.Min(DeepestNesting, random.Length(DeepestNesting));
        (byte[] open, byte[] close) = random.Pick(s_nesting);
        return [.. text[..at], .. Repeated(open, depth), .. random.Chance(70) ? Repeated(close, depth) : [], .. text[at..]];
    }

    private static byte[] Inserted(byte[] text, byte[] piece, FuzzRandom random)
    {
        int at = random.Below(text.Length + 1);
        return [.. text[..at], .. piece, .. text[Math.Min(text.Length, at + (random.Chance(50) ? 0 : piece.Length))..]];
    }

    private static byte[] Encoded(byte[] text, FuzzRandom random) => random.Below(5) switch
    {
        0 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(text)),
        1 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(text))],
        2 => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Encoding.UTF8.GetString(text))],
        3 => [0xEF, 0xBB, 0xBF, .. text],
        _ => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace("\n", "\r\n")),
    };

    private static byte[] Flipped(byte[] text, FuzzRandom random)
    {
        byte[] flipped = [.. text];
        if (flipped.Length > 0)
        {
            flipped[random.Below(flipped.Length)] = random.Byte();
        }

        return flipped;
    }

    private static byte[] Repeated(byte[] piece, int times)
    {
        times = piece.Length == 0 ? 0 : Math.Min(times, LongestInput / piece.Length);
        byte[] all = new byte[times * piece.Length];
        for (int k = 0; k < times; k++)
        {
            piece.CopyTo(all, k * piece.Length);
        }

        return all;
    }

    /// <summary>Words, numbers and single signs; blanks are no tokens.</summary>
    private static List<Range> Tokens(byte[] text)
    {
        List<Range> tokens = [];
        for (int start = 0; start < text.Length;)
        {
            int end = start + 1;
            if (IsWord(text[start]))
            {
                while (end < text.Length && IsWord(text[end]))
                {
                    end++;
                }
            }

            if (text[start] > (byte)' ')
            {
                tokens.Add(start..end);
            }

            start = end;
        }

        return tokens;
    }

    private static List<Range> Lines(byte[] text)
    {
        List<Range> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int length = text.AsSpan(start).IndexOf((byte)'\n');
            int end = length < 0 ? text.Length : start + length + 1;
            lines.Add(start..end);
            start = end;
        }

        return lines;
    }

    private static bool IsWord(byte c) =>
        char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'.' or (byte)'-' or (byte)'+' or >= 0x80;
}

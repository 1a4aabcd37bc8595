using System.Buffers.Binary;

namespace Retort.Fuzzing.Mutation;

/// <summary>Mutations that know nothing of the format, and words of the format that are inserted as they are.</summary>
public sealed class ByteMutator(params IReadOnlyList<byte[]> words) : IMutator
{
    private const int LongestInput = 1 << 16;

    private static readonly long[] s_extremes =
    [
        0, 1, -1, 2, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32,
        long.MaxValue, long.MinValue, long.MaxValue / 8, 1L << 40, -2, 100_000, 1 << 24,
    ];

    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        byte[] bytes = [.. seed];
        for (int n = random.Mutations(); n > 0; n--)
        {
            bytes = Once(bytes, seeds, random);
        }

        return bytes;
    }

    private byte[] Once(byte[] bytes, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        int at = random.Below(bytes.Length), length = Math.Min(random.Length(LongestInput), bytes.Length - at);
        switch (random.Below(words.Count > 0 ? 12 : 11))
        {
            case 0 when bytes.Length > 0:
                bytes[at] ^= (byte)(1 << random.Below(8));
                return bytes;
            case 1 when bytes.Length > 0:
                bytes[at] = random.Byte();
                return bytes;
            case 2 when bytes.Length > 0:
                bytes[at] += (byte)(random.Below(33) - 16);
                return bytes;
            case 3 or 4:
                Integer(bytes.AsSpan(at), random);
                return bytes;
            case 5:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 6 when bytes.Length < LongestInput:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 7:
                byte[] noise = new byte[random.Length(64)];
                noise.AsSpan().Fill(random.Byte());
                return [.. bytes[..at], .. noise, .. bytes[at..]];
            case 8:
                byte[] other = random.Pick(seeds);
                int from = random.Below(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + random.Length(LongestInput))],
                    .. bytes[(at + length)..]];
            case 9:
                return bytes[..at];
            case 10:
                for (int k = 0; k < length; k++)
                {
                    bytes[at + k] = random.Byte();
                }

                return bytes;
            case 11:
                byte[] word = random.Pick(words);
                return random.Chance(50) ? [.. bytes[..at], .. word, .. bytes[at..]]
                    : [.. bytes[..at], .. word, .. bytes[Math.Min(bytes.Length, at + word.Length)..]];
            default:
                return bytes;
        }
    }

    private static void Integer(Span<byte> at, FuzzRandom random)
    {
        long value = random.Pick(s_extremes);
        Span<byte> written = stackalloc byte[8];
        int width = 1 << random.Below(4);
        if (random.Chance(50))
        {
            BinaryPrimitives.WriteInt64LittleEndian(written, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(written, value);
            written = written[(8 - width)..];
        }

        written = written[..Math.Min(width, at.Length)];
        written.CopyTo(at);
    }
}

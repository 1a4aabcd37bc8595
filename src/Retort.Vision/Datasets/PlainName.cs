using System.Globalization;
using System.Text;

namespace Retort.Vision.Datasets;

/// <summary>
/// What is left of a name without case, blanks and accents, to recognise what a person takes for the same. The program runs without the
/// data of cultures, which Unicode's own normalisation needs, so the letters of Latin alphabets have a table here.
/// </summary>
internal static class PlainName
{
    private const char FirstLatin = '\u00C0';
    private const char FirstExtended = '\u1E00';
    private const char FirstHangul = '\uAC00';
    private const char LastHangul = '\uD7A3';

    // The letter below the accent, by code; a point where there is none.
    private const string Latin = "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg"
        + "gggghh..iiiiiiiiii..jjkk.llllll..llnnnnnn...oooooo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzzs";

    private const string Extended = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
        + "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
        + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    /// <summary>The name in small letters, without accents, blanks, hyphens and underscores, in one Unicode form.</summary>
    public static string Of(string name)
    {
        StringBuilder plain = new(name.Length);
        foreach (char c in name)
        {
            if (c is not ('_' or '-') && !char.IsWhiteSpace(c)
                && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format))
            {
                Append(plain, c);
            }
        }

        return plain.ToString();
    }

    private static void Append(StringBuilder plain, char c)
    {
        char letter = Letter(Latin, c - FirstLatin) ?? Letter(Extended, c - FirstExtended) ?? char.ToLowerInvariant(c);
        if (c is < FirstHangul or > LastHangul)
        {
            plain.Append(letter);
            return;
        }

        // A syllable of Hangul is composed of up to three letters (The Unicode Standard, section 3.12).
        const int Vowels = 21;
        const int Finals = 28;
        int index = c - FirstHangul;
        plain.Append((char)(0x1100 + (index / (Vowels * Finals)))).Append((char)(0x1161 + (index / Finals % Vowels)));
        if (index % Finals is > 0 and var last)
        {
            plain.Append((char)(0x11A7 + last));
        }
    }

    private static char? Letter(string table, int index) => index >= 0 && index < table.Length && table[index] != '.' ? table[index] : null;
}

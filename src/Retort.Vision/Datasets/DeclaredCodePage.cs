using System.Text;
using System.Text.RegularExpressions;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>
/// The code page that an XML file declares, such as GBK or Shift_JIS: the XML library itself knows Unicode and Latin 1 only.
/// </summary>
internal static partial class DeclaredCodePage
{
    private const int LongestDeclaration = 256; // bytes

    /// <summary>The declared encoding; null where none is declared, or none of that name is known.</summary>
    public static Encoding? Of(string path)
    {
        byte[] start = new byte[LongestDeclaration];
        using Stream file = UserFiles.OpenRead(path);
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        Match match = Declaration().Match(Encoding.Latin1.GetString(start, 0, read));
        return match.Success ? CodePagesEncodingProvider.Instance.GetEncoding(match.Groups[1].Value) : null;
    }

    [GeneratedRegex("^\\s*<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._:-]+)[\"']")]
    private static partial Regex Declaration();
}

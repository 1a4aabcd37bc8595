namespace Retort.Vision.Imaging;

/// <summary>The extensions of image files, case-insensitive.</summary>
public static class ImageExtensions
{
    // Images of other tools and cameras, which would be missed if nothing were said.
    private static readonly string[] s_unread =
        [".tif", ".tiff", ".jp2", ".heic", ".heif", ".avif", ".jxl", ".dng", ".nef", ".cr2", ".arw"];

    private static readonly string[] s_written = [".jpg", ".jpeg", ".png"];

    /// <summary>Those of images that are read, in lower case, the dot included.</summary>
    public static IReadOnlyList<string> Read { get; } = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>The same in every mixture of lower and upper case, the usual ones first.</summary>
    internal static IReadOnlyList<string> Spellings { get; } =
        [.. Read, .. Read.Select(e => e.ToUpperInvariant()), .. Read.SelectMany(Mixtures)];

    /// <summary>Whether a file is by its name an image that is read.</summary>
    public static bool IsRead(string file) => Read.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is by its name an image of a format that <see cref="ImageEncoder"/> writes.</summary>
    public static bool IsWritten(string file) => s_written.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is by its name an image of a format that is not read.</summary>
    public static bool IsUnread(string file) => s_unread.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>The images among files whose format is not read: for each format the first file and a clause that counts them.</summary>
    public static IEnumerable<(string First, string Message)> Unread(IEnumerable<string> files) => files
        .Where(IsUnread)
        .Order(StringComparer.Ordinal)
        .GroupBy(file => Path.GetExtension(file).ToLowerInvariant())
        .OrderBy(format => format.Key, StringComparer.Ordinal)
        .Select(format => (format.First(), format.Count() == 1
            ? $"a {format.Key} image is left out; this format is not read"
            : $"{format.Count()} {format.Key} images are left out; this format is not read"));

    private static IEnumerable<string> Mixtures(string extension) => Enumerable.Range(1, (1 << (extension.Length - 1)) - 2)
        .Select(capitals => string.Concat(
            extension.Select((letter, k) => (capitals << 1 >> k & 1) == 1 ? char.ToUpperInvariant(letter) : letter)));
}

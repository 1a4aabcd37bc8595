namespace Retort.Vision.Imaging;

/// <summary>The extensions of image files, in capitals or not.</summary>
public static class ImageExtensions
{
    // Pictures that other tools write, which would be missed if nothing were said.
    private static readonly string[] s_unread = [".tif", ".tiff", ".bmp", ".gif", ".webp", ".jp2"];

    /// <summary>Those of images that are read, in small letters, the dot included.</summary>
    public static IReadOnlyList<string> Read { get; } = [".jpg", ".jpeg", ".png"];

    /// <summary>The same in every mixture of small letters and capitals, the usual ones first.</summary>
    internal static IReadOnlyList<string> Spellings { get; } = [.. Read, .. Read.Select(e => e.ToUpperInvariant()), .. Read.SelectMany(Mixtures)];

    /// <summary>Whether a file is by its name an image that is read.</summary>
    public static bool IsRead(string file) => Read.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is by its name an image of a format that is not read.</summary>
    public static bool IsUnread(string file) => s_unread.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Mixtures(string extension) => Enumerable.Range(1, (1 << (extension.Length - 1)) - 2)
        .Select(capitals => string.Concat(extension.Select((letter, k) => (capitals << 1 >> k & 1) == 1 ? char.ToUpperInvariant(letter) : letter)));
}

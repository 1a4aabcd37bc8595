namespace Retort.Vision.Datasets;

/// <summary>An image record as it stands in a COCO file; <see cref="Index"/> is its place in the list.</summary>
internal sealed record CocoImage(int Index, long Id, string FileName, int Width, int Height);

/// <summary>A category record as it stands in a COCO file.</summary>
internal sealed record CocoCategory(long Id, string Name);

/// <summary>
/// An annotation record as it stands in a COCO file: box as left, top, width, height in pixels, or centre x, centre y, width, height and
/// <see cref="Angle"/> where it has five numbers; <see cref="Area"/> is NaN where not given.
/// </summary>
internal readonly record struct CocoAnnotation(
    int Index, long? Id, long ImageId, long CategoryId, double X, double Y, double Width, double Height, double Area, bool IsCrowd,
        bool Difficult, double Angle)
{
    /// <summary>Where the record stands, for messages.</summary>
    public string Place => Id is { } id ? $"annotations[{Index}] (id {id})" : $"annotations[{Index}]";
}

/// <summary>The three lists of a COCO instances file, unresolved.</summary>
internal sealed class CocoFile
{
    /// <summary>The images, in the file's order.</summary>
    public List<CocoImage> Images { get; } = [];

    /// <summary>The categories, in the file's order.</summary>
    public List<CocoCategory> Categories { get; } = [];

    /// <summary>The annotations, in the file's order.</summary>
    public List<CocoAnnotation> Annotations { get; } = [];
}

using Retort.Core.Geometry;

namespace Retort.Vision.Datasets;

/// <summary>What to read of a data set, and how strictly.</summary>
public sealed record DatasetReadOptions
{
    /// <summary>
    /// The classes to read, by name; their order is the order of the labels. Objects of other classes are left out.
    /// Default: all classes (COCO: by ascending category id; VOC and DOTA: by name).
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether warnings, such as a box of zero size that would be dropped, are errors. Default: no.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether every image file must exist when the data set is opened. Default: yes.</summary>
    public bool CheckImageFiles { get; init; } = true;

    /// <summary>Whether a data set without any object is accepted, as for prediction. Default: no.</summary>
    public bool AllowNoAnnotations { get; init; }

    /// <summary>
    /// Whether reading goes on after errors and leaves them in the data set's <c>Problems</c>, instead of throwing; broken records are left
    /// out. A file that cannot be parsed at all still throws. Default: no.
    /// </summary>
    public bool CollectErrors { get; init; }

    /// <summary>
    /// Whether boxes stay as the file has them, beyond the image's edges too, as the reference evaluations take them. Boxes of negative
    /// size are dropped, with a warning. Default: no, as training wants it.
    /// </summary>
    public bool BoxesAsWritten { get; init; }

    /// <summary>
    /// Whether boxes as written may be without area. COCO's evaluation counts them as objects that nothing can match; in VOC's files they
    /// are slips of annotation, which are dropped with a warning. Default: no.
    /// </summary>
    public bool KeepEmptyBoxes { get; init; }

    /// <summary>DOTA: how rotated boxes are described. Default: <see cref="AngleConvention.Oc"/>, as in the authors' recipes.</summary>
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>
    /// DOTA: objects of a greater difficulty are marked as difficult, which are not trained on and not measured. Default: 100, so none, as
    /// in the authors' recipes.
    /// </summary>
    public int MaximumDifficulty { get; init; } = 100;

    /// <summary>
    /// Boxes narrower or lower than this many pixels are dropped without a warning, 0 or more. Default 0; the authors' code uses 1 for
    /// COCO.
    /// </summary>
    public float MinimumSide { get; init; }
}

namespace Retort.Vision.Datasets;

/// <summary>How serious a problem of a data set is.</summary>
public enum ProblemSeverity
{
    /// <summary>Worth knowing; nothing was changed.</summary>
    Note,

    /// <summary>Something was dropped or changed, and the data set is usable.</summary>
    Warning,

    /// <summary>The data set cannot be used before this is put right.</summary>
    Error,
}

/// <summary>What kind of problem it is, so that problems can be counted.</summary>
public enum ProblemKind
{
    /// <summary>A file cannot be parsed, or is cut off.</summary>
    BrokenFile,

    /// <summary>A record lacks a field, or a field has the wrong type.</summary>
    BrokenRecord,

    /// <summary>A number is not a number, infinite, or outside its range.</summary>
    BadNumber,

    /// <summary>A box without width or height.</summary>
    EmptyBox,

    /// <summary>Four corners whose sides cross each other.</summary>
    CrossingPolygon,

    /// <summary>A box that reaches out of the image, or lies wholly outside.</summary>
    BoxOutsideImage,

    /// <summary>A class name or category id that the data set does not have.</summary>
    UnknownClass,

    /// <summary>The same id or name twice.</summary>
    Duplicate,

    /// <summary>An annotation of an image that the data set does not have.</summary>
    UnknownImage,

    /// <summary>An image or annotation file that does not exist.</summary>
    MissingFile,

    /// <summary>A file name that leads out of the data set's folder.</summary>
    PathEscape,

    /// <summary>An image file whose size is not the annotated one.</summary>
    SizeMismatch,

    /// <summary>An image file that cannot be decoded.</summary>
    UnreadableImage,

    /// <summary>Image files with more bits a sample than are used.</summary>
    SixteenBitImages,

    /// <summary>A data set without any object.</summary>
    NoAnnotations,

    /// <summary>A split without any image.</summary>
    EmptySplit,

    /// <summary>The same picture twice: in one part, or to train on and to measure with.</summary>
    RepeatedImage,
}

/// <summary>One thing that is wrong with a data set, and what to do about it.</summary>
/// <param name="Severity">How serious it is.</param>
/// <param name="Kind">What kind of problem it is.</param>
/// <param name="File">The file that has it.</param>
/// <param name="Place">Where in the file, such as <c>annotations[12] (id 34)</c> or <c>line 7</c>; empty where the whole file is
/// meant.</param>
/// <param name="Message">What is wrong, in one sentence without a full stop.</param>
/// <param name="Remedy">What to do, or what was done.</param>
public sealed record DatasetProblem(ProblemSeverity Severity, ProblemKind Kind, string File, string Place, string Message, string Remedy)
{
    /// <summary>The problem on one line: file, place, message, remedy.</summary>
    public override string ToString() => $"{File}{(Place.Length == 0 ? "" : ", " + Place)}: {Message}. {Remedy}";
}

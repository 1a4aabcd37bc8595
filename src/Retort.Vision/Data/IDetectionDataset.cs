namespace Retort.Vision.Data;

/// <summary>Images with annotated boxes, by index. Implementations are read-only and safe to use from several threads.</summary>
public interface IDetectionDataset
{
    /// <summary>What messages and logs call the data set, such as <c>coco/val2017</c>.</summary>
    string Name { get; }

    /// <summary>Class names; position = 0-based class index.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>
    /// The data set's own category ids; position = 0-based class index, so that results can be written in the data set's terms.
    /// </summary>
    IReadOnlyList<long> CategoryIds { get; }

    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>The image at <paramref name="index"/>, 0 to Count - 1.</summary>
    ImageRecord this[int index] { get; }
}

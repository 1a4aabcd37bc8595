using System.Runtime.InteropServices;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Evaluation.Coco;

/// <summary>
/// Detections of a set of images, a column a field. Their order matters only between equal scores of one image: the earlier one goes first.
/// </summary>
public sealed class CocoDetections
{
    private readonly List<long> _imageIds;
    private readonly List<long> _categoryIds;
    private readonly List<double> _boxes;
    private readonly List<double> _scores;

    /// <summary>Starts without detections.</summary>
    /// <param name="capacity">How many are expected.</param>
    /// <param name="source">A name for error messages: the file, where there is one.</param>
    public CocoDetections(int capacity = 0, string source = "detections")
    {
        (_imageIds, _categoryIds, _boxes, _scores) = (new(capacity), new(capacity), new(4 * capacity), new(capacity));
        Source = source;
    }

    /// <summary>Where these came from, for messages.</summary>
    public string Source { get; }

    /// <summary>Number of detections, N.</summary>
    public int Count => _scores.Count;

    /// <summary>Image id of each detection [N].</summary>
    public ReadOnlySpan<long> ImageIds => CollectionsMarshal.AsSpan(_imageIds);

    /// <summary>Category id of each detection [N].</summary>
    public ReadOnlySpan<long> CategoryIds => CollectionsMarshal.AsSpan(_categoryIds);

    /// <summary>Boxes [N, 4], row-major: x, y of the top left corner, width, height, in pixels of the original image.</summary>
    public ReadOnlySpan<double> Boxes => CollectionsMarshal.AsSpan(_boxes);

    /// <summary>Scores [N]; only their order counts.</summary>
    public ReadOnlySpan<double> Scores => CollectionsMarshal.AsSpan(_scores);

    /// <summary>
    /// Reads a results file in COCO format, <c>[{"image_id", "category_id", "bbox", "score"}, ...]</c>; other fields are skipped.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="groundTruth">What the ids must refer to.</param>
    /// <exception cref="RetortException"> The file is not such a file or is truncated, or an entry has an unknown image or category, lacks
    /// a field, or has a number that is not finite or a negative size.
    /// </exception>
    public static CocoDetections Read(string path, CocoGroundTruth groundTruth)
    {
        using Stream file = UserFiles.OpenRead(path);
        return Read(file, path, groundTruth);
    }

    /// <summary>Reads a results file from a stream; see <see cref="Read(string, CocoGroundTruth)"/>.</summary>
    /// <param name="stream">UTF-8 JSON, read to its end.</param>
    /// <param name="source">The name of the file in messages.</param>
    /// <param name="groundTruth">What the ids must refer to.</param>
    public static CocoDetections Read(Stream stream, string source, CocoGroundTruth groundTruth) =>
        CocoDetectionsReader.Read(stream, source, groundTruth);

    /// <summary>Appends a detection.</summary>
    /// <param name="imageId">Id of the image.</param>
    /// <param name="categoryId">Id (not rank) of the category.</param>
    /// <param name="box">x, y of the top left corner, width, height [4], in pixels of the original image.</param>
    /// <param name="score">Any finite number; higher is more confident.</param>
    /// <exception cref="RetortException">The box or the score is not finite, or a size is negative.</exception>
    public void Add(long imageId, long categoryId, ReadOnlySpan<double> box, double score)
    {
        string? problem = CocoBox.Problem(box) ?? (double.IsFinite(score) ? null : $"the score {score} is not a finite number");
        if (problem is not null)
        {
            throw DataError.At(Source, $"entry {Count}", problem,
                "a detector that puts out such values has diverged or its boxes are not [x, y, width, height]");
        }

        _imageIds.Add(imageId);
        _categoryIds.Add(categoryId);
        _boxes.AddRange(box[..4]);
        _scores.Add(score);
    }

    /// <summary>
    /// Writes a results file in COCO format, which <see cref="Read(string, CocoGroundTruth)"/> reads back to the same numbers. The file
    /// appears whole or not at all.
    /// </summary>
    public void Write(string path) => AtomicFile.Write(path, stream => CocoDetectionsWriter.Write(stream, this), createFolder: true);
}

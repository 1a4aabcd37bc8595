using Retort.Core;
using Retort.Core.Files;

namespace Retort.Evaluation.Coco;

/// <summary>
/// The images, categories and objects that detections are compared with. Immutable and consistent: every object refers to a known
/// image and category, ids are unique and sizes are finite and not negative.
/// </summary>
public sealed class CocoGroundTruth
{
    private readonly Dictionary<long, int> _imageRank;
    private readonly Dictionary<long, int> _categoryRank;

    /// <summary>Takes the parts of a data set from memory.</summary>
    /// <param name="imageIds">Ids of all images that are evaluated, with and without objects; unique, in any order.</param>
    /// <param name="categories">All categories; ids unique, in any order.</param>
    /// <param name="annotations">The objects. The arrays are kept, not copied.</param>
    /// <param name="source">A name for error messages: the file, where there is one.</param>
    /// <exception cref="ArgumentException">The arrays of <paramref name="annotations"/> differ in length.</exception>
    /// <exception cref="RetortException">The parts do not agree (unknown or duplicate ids, bad boxes).</exception>
    public CocoGroundTruth(IEnumerable<long> imageIds, IEnumerable<CocoCategory> categories, CocoAnnotations annotations,
        string source = "ground truth")
    {
        Source = source;
        ImageIds = [.. imageIds.Order()];
        Categories = [.. categories.OrderBy(c => c.Id)];
        _imageRank = Rank(ImageIds, "images");
        _categoryRank = Rank([.. Categories.Select(c => c.Id)], "categories");
        int count = annotations.ImageIds.Length;
        RequireLengths(annotations, count);
        AnnotationIds = annotations.Ids ?? [.. Enumerable.Range(1, count).Select(i => (long)i)];
        Boxes = annotations.Boxes;
        Areas = annotations.Areas ?? BoxAreas(annotations.Boxes);
        Crowd = annotations.Crowd ?? new bool[count];
        (ImageRanks, CategoryRanks) = (new int[count], new int[count]);
        Check(annotations);
    }

    /// <summary>Where this came from, for messages.</summary>
    public string Source { get; }

    /// <summary>Ids of the images, ascending; an image's place here is its rank.</summary>
    public IReadOnlyList<long> ImageIds { get; }

    /// <summary>The categories by ascending id; a category's place here is its rank, and its place in the K axis of the results.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>
    /// Ids of images by their file names, with and without extension and folders; null where several images have that name.
    /// </summary>
    internal IReadOnlyDictionary<string, long?> ImageNames { get; init; } = new Dictionary<string, long?>();

    /// <summary>Number of objects, crowd regions included.</summary>
    public int AnnotationCount => AnnotationIds.Length;

    internal long[] AnnotationIds { get; }

    internal int[] ImageRanks { get; }

    internal int[] CategoryRanks { get; }

    internal double[] Boxes { get; }

    internal double[] Areas { get; }

    internal bool[] Crowd { get; }

    /// <summary>Reads an annotation file in COCO format (<c>images</c>, <c>annotations</c>, <c>categories</c>).</summary>
    /// <remarks>
    /// A missing <c>area</c> is width times height and a missing <c>iscrowd</c> is 0. An object with <c>difficult</c> 1 (VOC's mark, in
    /// converted files) is taken as a crowd. The field <c>ignore</c> is not read, as in the reference evaluation, where <c>iscrowd</c>
    /// overwrites it.
    /// </remarks>
    /// <exception cref="RetortException">The file is not such a file, is truncated, inconsistent or has no annotations.</exception>
    public static CocoGroundTruth Read(string path)
    {
        using Stream file = UserFiles.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads an annotation file from a stream; see <see cref="Read(string)"/>.</summary>
    /// <param name="stream">UTF-8 JSON, read to its end.</param>
    /// <param name="source">The name of the file in messages.</param>
    public static CocoGroundTruth Read(Stream stream, string source) => CocoGroundTruthReader.Read(stream, source);

    /// <summary>The place of an image in <see cref="ImageIds"/>.</summary>
    public bool TryGetImageRank(long imageId, out int rank) => _imageRank.TryGetValue(imageId, out rank);

    /// <summary>The place of a category in <see cref="Categories"/>.</summary>
    public bool TryGetCategoryRank(long categoryId, out int rank) => _categoryRank.TryGetValue(categoryId, out rank);

    private static void RequireLengths(CocoAnnotations a, int count)
    {
        if (a.CategoryIds.Length != count || a.Boxes.Length != 4 * count || (a.Ids?.Length ?? count) != count
            || (a.Areas?.Length ?? count) != count || (a.Crowd?.Length ?? count) != count)
        {
            throw new ArgumentException($"the arrays of {count} annotations differ in length");
        }
    }

    private static double[] BoxAreas(double[] boxes)
    {
        var areas = new double[boxes.Length / 4];
        for (int i = 0; i < areas.Length; i++)
        {
            areas[i] = boxes[(4 * i) + 2] * boxes[(4 * i) + 3];
        }

        return areas;
    }

    private Dictionary<long, int> Rank(IReadOnlyList<long> sortedIds, string section)
    {
        var ranks = new Dictionary<long, int>(sortedIds.Count);
        for (int i = 0; i < sortedIds.Count; i++)
        {
            if (!ranks.TryAdd(sortedIds[i], i))
            {
                throw DataError.At(Source, section, $"the id {sortedIds[i]} occurs twice", "give every entry its own id");
            }
        }

        return ranks;
    }

    private void Check(CocoAnnotations annotations)
    {
        var seen = new HashSet<long>(AnnotationCount);
        for (int i = 0; i < AnnotationCount; i++)
        {
            if (!seen.Add(AnnotationIds[i]))
            {
                throw Bad(i, $"the id {AnnotationIds[i]} occurs twice", "give every annotation its own id");
            }

            if (!_imageRank.TryGetValue(annotations.ImageIds[i], out ImageRanks[i]))
            {
                throw Bad(i, $"image_id {annotations.ImageIds[i]} is not among the {ImageIds.Count} images",
                    "add the image or remove the annotation");
            }

            if (!_categoryRank.TryGetValue(annotations.CategoryIds[i], out CategoryRanks[i]))
            {
                throw Bad(i, $"category_id {annotations.CategoryIds[i]} is not among the {Categories.Count} categories",
                    "add the category or remove the annotation");
            }

            if (CocoBox.Problem(Boxes.AsSpan(4 * i, 4)) is { } problem)
            {
                throw Bad(i, problem, "a bbox is [x, y, width, height] in pixels");
            }

            if (!(Areas[i] >= 0 && double.IsFinite(Areas[i])))
            {
                throw Bad(i, $"the area {Areas[i]} is not a size", "give the area in square pixels or leave it out");
            }
        }
    }

    private RetortException Bad(int index, string problem, string remedy) => DataError.At(Source, $"annotations[{index}]", problem, remedy);
}

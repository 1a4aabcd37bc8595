namespace Retort.Vision.Datasets;

/// <summary>How often a class occurs.</summary>
/// <param name="Name">The class.</param>
/// <param name="CategoryId">The data set's own id of it.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="Images">Number of images with at least one.</param>
public sealed record ClassCount(string Name, long CategoryId, int Objects, int Images);

/// <summary>Number of objects by size, in COCO's ranges of area: below 32 x 32 pixels, below 96 x 96, and above.</summary>
/// <param name="Small">Area below 1024 square pixels.</param>
/// <param name="Medium">Area from 1024 to below 9216.</param>
/// <param name="Large">Area 9216 and above.</param>
public sealed record SizeCounts(int Small, int Medium, int Large);

/// <summary>The sizes of a data set's images, as annotated, in pixels.</summary>
/// <param name="MinWidth">Smallest width.</param>
/// <param name="MaxWidth">Largest width.</param>
/// <param name="MinHeight">Smallest height.</param>
/// <param name="MaxHeight">Largest height.</param>
public sealed record ImageSizes(int MinWidth, int MaxWidth, int MinHeight, int MaxHeight);

/// <summary>What a data set holds and what is wrong with it.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Images">Number of images.</param>
/// <param name="ImagesWithoutObjects">Number of images without any object.</param>
/// <param name="Objects">Number of objects, crowds and difficult ones included.</param>
/// <param name="Crowds">Number of crowds among them.</param>
/// <param name="Difficult">Number of difficult objects among them.</param>
/// <param name="Classes">Counts by class; position = label.</param>
/// <param name="Sizes">Counts by size.</param>
/// <param name="ImageSizes">Range of image sizes; zeros where there is no image.</param>
/// <param name="DecodedImages">Number of images that were decoded to check them.</param>
/// <param name="Problems">What is wrong.</param>
public sealed record DatasetReport(
    string Name, int Images, int ImagesWithoutObjects, int Objects, int Crowds, int Difficult, IReadOnlyList<ClassCount> Classes,
        SizeCounts Sizes,
    ImageSizes ImageSizes, int DecodedImages, DatasetProblems Problems);

namespace Retort.Training.Recipes;

/// <summary>The images and boxes of a run.</summary>
public sealed record DataOptions
{
    /// <summary>How the boxes are stored.</summary>
    public DataFormat Format { get; init; } = DataFormat.Coco;

    /// <summary>The folder that the paths below start from; itself relative to the current folder.</summary>
    public string Root { get; init; } = "";

    /// <summary>What to train on.</summary>
    public required DatasetOptions Train { get; init; }

    /// <summary>What to measure with; without it nothing is measured.</summary>
    public DatasetOptions? Val { get; init; }

    /// <summary>The names of the classes in the order of the network's outputs. Empty: those of the annotations, in their order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The place of something named in the recipe: its path below <see cref="Root"/>.</summary>
    /// <param name="path">A path as written in the recipe; an absolute one stays as it is.</param>
    public string Locate(string path) => Path.Combine(Root, path);
}

/// <summary>How the boxes of a data set are stored.</summary>
public enum DataFormat
{
    /// <summary>One JSON file of COCO's object detection format and a folder of images.</summary>
    Coco,

    /// <summary>Pascal VOC: a folder with JPEGImages, Annotations (one XML file an image) and ImageSets/Main (lists of names).</summary>
    Voc,
}

/// <summary>One part of a data set, such as the one to train on.</summary>
public sealed record DatasetOptions
{
    /// <summary>COCO: the JSON file.</summary>
    public string? Annotations { get; init; }

    /// <summary>COCO: the folder of images.</summary>
    public string? Images { get; init; }

    /// <summary>VOC: the list in <c>ImageSets/Main</c>, without its extension, for instance <c>train</c>.</summary>
    public string? Split { get; init; }

    /// <summary>Take this many images only, spread evenly over the data set: for trying something out.</summary>
    [Within(1)]
    public int? Subset { get; init; }

    /// <summary>How often an epoch goes through the images.</summary>
    [Within(1, 1000)]
    public int Repeat { get; init; } = 1;
}

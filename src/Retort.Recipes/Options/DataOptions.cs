using Retort.Core.Geometry;
using Retort.Core.Options;

namespace Retort.Recipes;

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

    /// <summary>How rotated boxes are described: by the angle's range.</summary>
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>
    /// DOTA: objects of a greater difficulty (1 difficult, 2 cut by a window) are not trained on, but background, unless
    /// 'model.assigner.ignoredIof' leaves them out; in measuring they count neither for nor against a detector.
    /// </summary>
    [Within(0, 100)]
    [OnlyWith(nameof(Format), DataFormat.Dota)]
    public int MaximumDifficulty { get; init; } = 100;

    /// <summary>The place of something named in the recipe: its path below <see cref="Root"/> and the source's own root.</summary>
    /// <param name="source">The source that names it.</param>
    /// <param name="path">A path as written in the recipe; an absolute one stays as it is.</param>
    public string Locate(DataSourceOptions source, string path = "") => Path.Combine(Root, source.Root, path);
}

/// <summary>How the boxes of a data set are stored.</summary>
public enum DataFormat
{
    /// <summary>One JSON file of COCO's object detection format and a folder of images.</summary>
    Coco,

    /// <summary>Pascal VOC: a folder with JPEGImages, Annotations (one XML file an image) and ImageSets/Main (lists of names).</summary>
    Voc,

    /// <summary>DOTA: a folder of label files with rotated boxes, one an image, and a folder of images.</summary>
    Dota,

    /// <summary>
    /// The YOLO family: a folder of label files with indices of classes and boxes in shares of the image, and a folder of images.
    /// </summary>
    Yolo,
}

/// <summary>One part of a data set, such as the one to train on.</summary>
public sealed record DatasetOptions
{
    /// <summary>The folder of this part, below the root of all data. Empty: that root.</summary>
    public string Root { get; init; } = "";

    /// <summary>COCO: the JSON file. DOTA and YOLO: the folder of label files.</summary>
    public string? Annotations { get; init; }

    /// <summary>COCO, DOTA and YOLO: the folder of images.</summary>
    public string? Images { get; init; }

    /// <summary>
    /// VOC: the list in <c>ImageSets/Main</c>, without its extension, for instance <c>train</c>. DOTA and YOLO: a file of names, one a
    /// line; without it all of the folder.
    /// </summary>
    public string? Split { get; init; }

    /// <summary>
    /// Several sources, one after the other, such as VOC 2007 and 2012; in place of the keys above. All need the same classes.
    /// </summary>
    public IReadOnlyList<DataSourceOptions> Union { get; init; } = [];

    /// <summary>Take this many images only, the first ones: for trying something out.</summary>
    [Within(1)]
    public int? Subset { get; init; }

    /// <summary>How often an epoch goes through the images.</summary>
    [Within(1, 1000)]
    public int Repeat { get; init; } = 1;

    /// <summary>Where the images come from: the union, or the one source that the keys of this part name.</summary>
    public IReadOnlyList<DataSourceOptions> Sources =>
        Union.Count > 0 ? Union : [new DataSourceOptions { Root = Root, Annotations = Annotations, Images = Images, Split = Split }];
}

/// <summary>One source of a union.</summary>
public sealed record DataSourceOptions
{
    /// <summary>Its folder, below the root of all data. Empty: that root.</summary>
    public string Root { get; init; } = "";

    /// <summary>COCO: the JSON file. DOTA and YOLO: the folder of label files.</summary>
    public string? Annotations { get; init; }

    /// <summary>COCO, DOTA and YOLO: the folder of images.</summary>
    public string? Images { get; init; }

    /// <summary>
    /// VOC: the list in <c>ImageSets/Main</c>, without its extension, for instance <c>trainval</c>. DOTA and YOLO: a file of names, one a
    /// line.
    /// </summary>
    public string? Split { get; init; }
}

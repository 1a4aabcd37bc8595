namespace Retort.Training.Regions;

/// <summary>What the label assignment of a recipe makes of one image.</summary>
/// <param name="Image">Index of the image in the data set.</param>
/// <param name="Objects">The objects that are trained on.</param>
/// <param name="Regions">The priors of each region, in the order of the finder's.</param>
public sealed record ImageRegions(int Image, IReadOnlyList<AssignedObject> Objects, IReadOnlyList<RegionCells> Regions);

/// <summary>An object and the priors that are responsible for it.</summary>
/// <param name="LongerSide">Pixels of the network's input.</param>
/// <param name="Priors">How many there are; an object without any is learned by no detector.</param>
/// <param name="BestOverlap">The largest IoU with one of them, 0 to 1; 0 where there are none.</param>
public readonly record struct AssignedObject(float LongerSide, int Priors, float BestOverlap);

/// <summary>The priors of one image in one region.</summary>
/// <param name="LevelCounts">How many priors are on each level, finest first.</param>
/// <param name="Cells">Where they stand, each cell once however many of its priors there are.</param>
public sealed record RegionCells(IReadOnlyList<int> LevelCounts, IReadOnlyList<RegionCell> Cells)
{
    /// <summary>Priors of all levels.</summary>
    public int Count => LevelCounts.Sum();
}

/// <summary>A cell with priors of a region.</summary>
/// <param name="X">Where its priors have their centre, in pixels of the original image.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Level">Level of the pyramid, 0 for the finest.</param>
public readonly record struct RegionCell(float X, float Y, int Level);

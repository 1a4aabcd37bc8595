namespace Retort.Vision.Datasets;

/// <summary>The classes of the versions of DOTA (Xia et al., "DOTA: A Large-Scale Dataset for Object Detection in Aerial Images"), in the order of the authors' tools.</summary>
public static class DotaClasses
{
    /// <summary>The 15 classes of version 1.0.</summary>
    public static IReadOnlyList<string> V10 { get; } =
    [
        "plane", "baseball-diamond", "bridge", "ground-track-field", "small-vehicle", "large-vehicle", "ship", "tennis-court", "basketball-court",
        "storage-tank", "soccer-ball-field", "roundabout", "harbor", "swimming-pool", "helicopter",
    ];

    /// <summary>The 16 classes of version 1.5: those of 1.0 and cranes.</summary>
    public static IReadOnlyList<string> V15 { get; } = [.. V10, "container-crane"];

    /// <summary>The 18 classes of version 2.0: those of 1.5, airports and helipads.</summary>
    public static IReadOnlyList<string> V20 { get; } = [.. V15, "airport", "helipad"];
}

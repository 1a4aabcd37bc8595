namespace Retort.Detection.PostProcessing;

/// <summary>How box distributions of a dense head lie on the image: each is four distances from a prior's centre, in strides.</summary>
public sealed record DistributionGeometry
{
    /// <summary>Stride of each level, pixels, finest first.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64, 128];

    /// <summary>Priors of each cell.</summary>
    public int AnchorsPerCell { get; init; } = 1;

    /// <summary>Place of a cell's centre within it, in strides: 0 for anchors, 0.5 for points (FCOS).</summary>
    public float CentreOffset { get; init; }

    /// <summary>Whether the head's last class channel is background, which is never a detection.</summary>
    public bool BackgroundChannel { get; init; }
}

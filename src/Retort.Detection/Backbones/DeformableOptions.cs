namespace Retort.Detection.Backbones;

/// <summary>Deformable convolutions in place of the 3x3 convolutions of a backbone's blocks (Dai et al. 2017; modulated: Zhu et al. 2019).</summary>
public sealed record DeformableOptions
{
    /// <summary>Version 2: every sample also has a factor.</summary>
    public bool Modulated { get; init; }

    /// <summary>The stages that have them, 1 to 4; stage k makes C(k+1), so 2, 3 and 4 are "c3-c5".</summary>
    public IReadOnlyList<int> Stages { get; init; } = [2, 3, 4];

    /// <summary>Groups of channels with offsets of their own; they divide the channels of every such convolution.</summary>
    public int Groups { get; init; } = 1;
}

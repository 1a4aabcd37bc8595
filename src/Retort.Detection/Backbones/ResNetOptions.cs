using Retort.Core;
using Retort.Detection.Layers;

namespace Retort.Detection.Backbones;

/// <summary>Where a bottleneck that halves the map has its stride.</summary>
public enum ResNetStyle
{
    /// <summary>In the 3x3 convolution, as in PyTorch's model zoo.</summary>
    Pytorch,

    /// <summary>In the first 1x1 convolution, as in the original (Caffe) weights.</summary>
    Caffe,
}

/// <summary>What training changes in the normalisation layers of a backbone.</summary>
public enum NormalizationMode
{
    /// <summary>Nothing: statistics and affine parameters are fixed.</summary>
    Frozen,

    /// <summary>The affine parameters; the running statistics are used as they are and stay (the usual fine-tuning).</summary>
    Eval,

    /// <summary>Everything: batch statistics are used and tracked (needed from scratch).</summary>
    Train,
}

/// <summary>Settings of a <see cref="ResNet"/>.</summary>
public sealed record ResNetOptions
{
    /// <summary>Layers: 18, 34, 50 or 101.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>Factor on the channels of every layer, in (0, 1]; 0.25 and 0.5 make networks for tests and small machines.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Place of the stride in bottlenecks.</summary>
    public ResNetStyle Style { get; init; } = ResNetStyle.Pytorch;

    /// <summary>Batch or Group.</summary>
    public NormalizationKind Norm { get; init; } = NormalizationKind.Batch;

    /// <summary>What training changes in the normalisation layers.</summary>
    public NormalizationMode NormMode { get; init; } = NormalizationMode.Eval;

    /// <summary>-1 trains everything; 0 fixes the stem; k = 1..4 fixes the stem and the stages 1..k, which also stay in evaluation mode.</summary>
    public int FrozenStages { get; init; } = 1;

    /// <summary>The finest map that is given: 2 for C2..C5, 3 for C3..C5; up to 5.</summary>
    public int FirstLevel { get; init; } = 2;

    /// <summary>Starts the last gain of each block at zero, so that blocks begin as identities (Goyal et al. 2017).</summary>
    public bool ZeroInitialResidual { get; init; }

    /// <summary>Three 3x3 convolutions in place of the 7x7 stem ("v1c"), named <c>stem.0</c> to <c>stem.7</c>.</summary>
    public bool DeepStem { get; init; }

    /// <summary>Averages in strided shortcuts before a 1x1 convolution without stride ("v1d", He et al. 2019).</summary>
    public bool AverageDown { get; init; }

    /// <summary>Deformable convolutions in some stages, or null.</summary>
    public DeformableOptions? Deformable { get; init; }

    /// <summary>The base channels of a stage, counted from 0.</summary>
    internal int Planes(int stage) => (int)((64 << stage) * Width);

    /// <summary>The deformable convolutions of a stage, counted from 0; null where it has none.</summary>
    internal DeformableOptions? DeformableIn(int stage) => Deformable?.Stages.Contains(stage + 1) == true ? Deformable : null;

    /// <summary>Checks every range.</summary>
    /// <exception cref="RetortException">A setting is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        Require(Depth is 18 or 34 or 50 or 101, $"backbone depth {Depth} is not known; use 18, 34, 50 or 101");
        Require(Width is > 0 and <= 1 && 64 * Width % 1 == 0, $"backbone width {Width} must be in (0, 1] and a multiple of 1/64, such as 0.25, 0.5 or 1");
        Require(Norm != NormalizationKind.None, "a backbone needs batch or group normalisation");
        Require(FrozenStages is >= -1 and <= 4, $"frozen stages {FrozenStages} must be -1 (none), 0 (stem) or 1 to 4");
        Require(Deformable is null || (Deformable.Stages.Count > 0 && Deformable.Stages.All(stage => stage is >= 1 and <= 4)),
            "the stages with deformable convolutions must be some of 1, 2, 3 and 4 (2, 3, 4 are c3-c5)");
        Require(Deformable is null or { Groups: >= 1 }, "the groups of deformable convolutions must be at least 1");
        Require(FirstLevel is >= 2 and <= 5, $"first backbone level {FirstLevel} must be 2 to 5");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new RetortException(message);
        }
    }
}

using Retort.Core.Options;
using Retort.Detection.PostProcessing;

namespace Retort.Training.Recipes;

/// <summary>From the network's outputs to boxes.</summary>
public sealed record PostProcessingOptions
{
    /// <summary>Boxes with a lower score are dropped.</summary>
    [Within(0, 1)]
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>How boxes of the same object are reduced to one.</summary>
    public NmsOptions Nms { get; init; } = new();

    /// <summary>Boxes of each level that go into that, by score.</summary>
    [Within(1, 1_000_000)]
    public int NmsPre { get; init; } = 1000;

    /// <summary>Boxes of an image that remain, by score.</summary>
    [Within(1, 1_000_000)]
    public int MaxPerImage { get; init; } = 100;
}

/// <summary>Non-maximum suppression.</summary>
public sealed record NmsOptions
{
    /// <summary>The kind.</summary>
    public NmsKind Type { get; init; } = NmsKind.Nms;

    /// <summary>A box is suppressed by a better one of its class that it overlaps by more than this; of soft-nms, its score is lowered from this on.</summary>
    [Within(0, 1)]
    public double Iou { get; init; } = 0.6;

    /// <summary>Whether boxes of other classes are suppressed as well.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>Soft-NMS: how overlap lowers a score.</summary>
    public SoftNmsDecay Decay { get; init; } = SoftNmsDecay.Linear;

    /// <summary>Soft-NMS, gaussian: the larger, the less overlap lowers a score.</summary>
    [Within(0, 100, Above = true)]
    public double Sigma { get; init; } = 0.5;

    /// <summary>Soft-NMS: boxes whose score fell below this are dropped; the best one of an image stays.</summary>
    [Within(0, 1)]
    public double MinScore { get; init; } = 0.001;

    /// <summary>Score voting: boxes vote on a box that they are alike by more than this (IoU less the distance of the centres).</summary>
    [Within(0, 1)]
    public double VoteThreshold { get; init; } = 0.7;

    /// <summary>Score voting: likeness is IoU less (squared distance of the centres / squared diagonal of the hull) to the power of this; 1 makes it DIoU.</summary>
    [Within(0, 10, Above = true)]
    public double DistancePower { get; init; } = 0.8;

    /// <summary>Score voting: a vote weighs score * exp(-(1 - likeness)^2 / this).</summary>
    [Within(0, 100, Above = true)]
    public double VoteVariance { get; init; } = 0.025;
}

/// <summary>A kind of non-maximum suppression.</summary>
public enum NmsKind
{
    /// <summary>Greedy, by score, within each class.</summary>
    Nms,

    /// <summary>Overlap lowers the score instead of deciding (Bodla et al., 2017).</summary>
    SoftNms,

    /// <summary>By IoU less the distance of the centres; what stays becomes the mean of the boxes like it (Score voting Cluster-DIoU-NMS).</summary>
    ScoreVotingClusterDiou,
}

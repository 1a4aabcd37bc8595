using Retort.Vision.Geometry;

namespace Retort.Training.Recipes;

/// <summary>What turns the pyramid into classes and boxes.</summary>
public sealed record HeadOptions
{
    /// <summary>Convolutions in each of the two towers.</summary>
    [Within(0, 16)]
    public int StackedConvs { get; init; } = 4;

    /// <summary>Channels of the towers.</summary>
    [Within(8, 4096)]
    public int Channels { get; init; } = 256;

    /// <summary>The normalisation in the towers.</summary>
    public NormKind Norm { get; init; } = NormKind.Group;

    /// <summary>Groups, where the normalisation is by group; they must divide the channels.</summary>
    [Within(1, 1024)]
    public int NormGroups { get; init; } = 32;

    /// <summary>
    /// The largest distance of a box edge in strides; its distribution has one bin more. Teacher and student must agree. Rotated boxes: the bins less
    /// one; 0 for none, that is, for boxes without distributions.
    /// </summary>
    [Within(0, 128)]
    public int RegMax { get; init; } = 16;

    /// <summary>Rotated boxes: what the first and the last bin of the centre's and the sides' differences stand for. Teacher and student must agree.</summary>
    public IReadOnlyList<double> SideRange { get; init; } = [-2, 2];

    /// <summary>Rotated boxes: what the first and the last bin of the angle's difference stand for, in radians. Teacher and student must agree.</summary>
    public IReadOnlyList<double> AngleRange { get; init; } = [-5, 2];

    /// <summary>Rotated boxes: the range of predicted angles, that of 'data.angles'.</summary>
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>GFLv2: one more class channel, for background, as the published networks have it. Teacher and student must agree.</summary>
    public bool BackgroundChannel { get; init; }

    /// <summary>GFLv2: how the quality of a box is told from its distributions.</summary>
    public QualityOptions Quality { get; init; } = new();
}

/// <summary>The predictor of a box's quality from the distributions of its edges (Li et al., 2021).</summary>
public sealed record QualityOptions
{
    /// <summary>How many of an edge's largest probabilities it sees, beside their mean; at most the bins.</summary>
    [Within(1, 129)]
    public int TopK { get; init; } = 4;

    /// <summary>Channels between its two layers.</summary>
    [Within(1, 4096)]
    public int Channels { get; init; } = 64;
}

/// <summary>What boxes are told from: anchors or points on every cell of every level.</summary>
public sealed record PriorOptions
{
    /// <summary>The kind. On points, the anchor described here is only what the valuable localization region is measured with.</summary>
    public PriorKind Type { get; init; } = PriorKind.Anchors;

    /// <summary>The side of a level's anchor in strides of that level.</summary>
    [Within(0, 64, Above = true)]
    public double OctaveBaseScale { get; init; } = 8;

    /// <summary>Sizes of anchors between that and twice that.</summary>
    [Within(1, 16)]
    public int ScalesPerOctave { get; init; } = 1;

    /// <summary>Height to width of the anchors.</summary>
    [Within(0, 64, Above = true)]
    public IReadOnlyList<double> Ratios { get; init; } = [1];

    /// <summary>Anchors of one cell.</summary>
    public int PerCell => ScalesPerOctave * Ratios.Count;
}

/// <summary>What boxes are told from.</summary>
public enum PriorKind
{
    /// <summary>Boxes, centred on the upper left corner of their cell.</summary>
    Anchors,

    /// <summary>The middle of each cell.</summary>
    Points,
}

/// <summary>Which priors are responsible for which object.</summary>
public sealed record AssignerOptions
{
    /// <summary>The rule.</summary>
    public AssignerKind Type { get; init; } = AssignerKind.Atss;

    /// <summary>ATSS: nearest priors a level that are candidates for an object. Others: the same, for the adaptive threshold of the valuable localization region.</summary>
    [Within(1, 1000)]
    public int TopK { get; init; } = 9;

    /// <summary>Max-IoU: a prior that overlaps an object by at least this is positive.</summary>
    [Within(0, 1, Above = true)]
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>Max-IoU: a prior that overlaps every object by less than this is background; those between are ignored.</summary>
    [Within(0, 1)]
    public double NegativeIou { get; init; } = 0.4;

    /// <summary>Max-IoU: the priors that overlap an object most are positive from this on.</summary>
    [Within(0, 1)]
    public double LeastIou { get; init; }

    /// <summary>Max-IoU: a prior that lies by more than this share of its area in a crowd or difficult object is ignored; where nothing stands here, it is background.</summary>
    [Within(0, 1)]
    public double? IgnoredIof { get; init; }

    /// <summary>FCOS: how far from an object's centre a positive point may be, in strides; 0 for anywhere in the object.</summary>
    [Within(0, 1000)]
    public double CentreRadius { get; init; } = 1.5;

    /// <summary>FCOS: the largest distance to a box edge that a level is for, in strides; the last level has none.</summary>
    [Within(0, 1000, Above = true)]
    public double Reach { get; init; } = 8;
}

/// <summary>A rule of label assignment.</summary>
public enum AssignerKind
{
    /// <summary>Adaptive Training Sample Selection (Zhang et al., 2020).</summary>
    Atss,

    /// <summary>By the largest IoU, with an object's best priors always its own (Ren et al., 2015; RetinaNet).</summary>
    MaxIou,

    /// <summary>Points near the centre of an object whose size fits the level (Tian et al., 2019).</summary>
    Fcos,
}

/// <summary>The detector's own losses.</summary>
public sealed record LossOptions
{
    /// <summary>The loss of the class scores.</summary>
    public ClassificationLossOptions Classification { get; init; } = new();

    /// <summary>The loss of the decoded boxes.</summary>
    public BoxLossOptions Box { get; init; } = new();

    /// <summary>The loss of the centerness, where the detector has it.</summary>
    public CenternessLossOptions Centerness { get; init; } = new();

    /// <summary>The loss of the box-edge distributions, where the detector has it.</summary>
    public DistributionLossOptions Distribution { get; init; } = new();
}

/// <summary>The loss of the class scores.</summary>
public sealed record ClassificationLossOptions
{
    /// <summary>The kind.</summary>
    public ClassificationLossKind Type { get; init; } = ClassificationLossKind.QualityFocal;

    /// <summary>Quality focal: the exponent of the distance to the target.</summary>
    [Within(0, 16)]
    public double Beta { get; init; } = 2;

    /// <summary>Focal: the weight of the foreground; the background has the rest to one.</summary>
    [Within(0, 1)]
    public double Alpha { get; init; } = 0.25;

    /// <summary>Focal: the exponent of the distance to the target.</summary>
    [Within(0, 16)]
    public double Gamma { get; init; } = 2;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;
}

/// <summary>A loss of class scores.</summary>
public enum ClassificationLossKind
{
    /// <summary>Quality focal loss (Li et al., 2020, Eq. 4): the target of a positive is the IoU of its box.</summary>
    QualityFocal,

    /// <summary>Focal loss (Lin et al., 2017): the target of a positive is one.</summary>
    Focal,
}

/// <summary>The loss of the decoded boxes.</summary>
public sealed record BoxLossOptions
{
    /// <summary>The kind.</summary>
    public BoxLossKind Type { get; init; } = BoxLossKind.Giou;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 2;

    /// <summary>Smooth L1: where the parabola ends and the straight line begins; 0 for no parabola.</summary>
    [Within(0, 100)]
    public double Beta { get; init; }

    /// <summary>KFIoU: what becomes of the overlap.</summary>
    public KfIouForm Form { get; init; } = KfIouForm.Ln;

    /// <summary>Rotated boxes: what the loss is divided by.</summary>
    public RotatedLossDivisor Divisor { get; init; } = RotatedLossDivisor.Positives;
}

/// <summary>What the loss of rotated boxes is divided by.</summary>
public enum RotatedLossDivisor
{
    /// <summary>The number of positives.</summary>
    Positives,

    /// <summary>On each level the number of its positives, summed over the levels: as the authors' code has KLD.</summary>
    LevelPositives,
}

/// <summary>What becomes of the overlap in KFIoU.</summary>
public enum KfIouForm
{
    /// <summary>1 - overlap.</summary>
    None,

    /// <summary>-ln overlap.</summary>
    Ln,

    /// <summary>exp(1 - overlap) - 1.</summary>
    Exp,
}

/// <summary>A loss of boxes.</summary>
public enum BoxLossKind
{
    /// <summary>Generalized IoU (Rezatofighi et al., 2019).</summary>
    Giou,

    /// <summary>Distance IoU (Zheng et al., 2020).</summary>
    Diou,

    /// <summary>Complete IoU (Zheng et al., 2020).</summary>
    Ciou,

    /// <summary>Rotated boxes: smooth L1 of the differences from the anchor.</summary>
    SmoothL1,

    /// <summary>Rotated boxes: Gaussian Wasserstein distance (Yang et al., 2021).</summary>
    Gwd,

    /// <summary>Rotated boxes: Kullback-Leibler divergence of Gaussians (Yang et al., 2021), as the authors' recipes have it.</summary>
    Kld,

    /// <summary>Rotated boxes: the root of the divergence the other way round, the other published form.</summary>
    ReverseKld,

    /// <summary>Rotated boxes: overlap of Gaussians by a Kalman filter (Yang et al., 2022).</summary>
    KfIou,
}

/// <summary>The cross-entropy of the centerness (Tian et al., 2019).</summary>
public sealed record CenternessLossOptions
{
    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;
}

/// <summary>The loss of the box-edge distributions: distribution focal loss (Li et al., 2020, Eq. 6).</summary>
public sealed record DistributionLossOptions
{
    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 0.25;
}

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

    /// <summary>Soft-NMS: boxes whose score fell below this are dropped.</summary>
    [Within(0, 1)]
    public double MinScore { get; init; } = 0.001;

    /// <summary>Score voting: boxes vote on a box that they are alike by more than this (IoU less the distance of the centres).</summary>
    [Within(0, 1)]
    public double VoteThreshold { get; init; } = 0.7;

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

/// <summary>How overlap lowers a score in soft-NMS.</summary>
public enum SoftNmsDecay
{
    /// <summary>From the threshold on by 1 - IoU.</summary>
    Linear,

    /// <summary>Always, by exp(-IoU^2 / sigma).</summary>
    Gaussian,

    /// <summary>From the threshold on to nothing.</summary>
    Naive,
}

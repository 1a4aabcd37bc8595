namespace Retort.Training.Recipes;

/// <summary>
/// The trained detector to learn from. In a recipe file <c>recipe: path</c> stands for <c>model</c>: the model of that recipe, relative to the file.
/// </summary>
public sealed record TeacherOptions
{
    /// <summary>The teacher's network.</summary>
    public required ModelOptions Model { get; init; }

    /// <summary>The teacher's trained weights: a checkpoint of Retort or a .pth file.</summary>
    public required string Weights { get; init; }
}

/// <summary>
/// One term of the distillation loss: weight * normalise(sum over priors of a region of w(prior) * divergence(student's knowledge, teacher's)).
/// Zheng et al., Localization Distillation (Eq. 9): each scheme of the paper is one term or two.
/// </summary>
public sealed record DistillationTermOptions
{
    /// <summary>What is taught.</summary>
    public KnowledgeKind Knowledge { get; init; } = KnowledgeKind.Localization;

    /// <summary>Where it is taught.</summary>
    public RegionKind Region { get; init; } = RegionKind.Main;

    /// <summary>Valuable localization region: its lower bound in parts of the threshold of the positives; 1 makes it empty.</summary>
    [Within(0, 1)]
    public double Gamma { get; init; } = 0.25;

    /// <summary>Valuable localization region: the overlap that its bounds are for.</summary>
    public RegionOverlapKind Overlap { get; init; } = RegionOverlapKind.Reference;

    /// <summary>Valuable localization region: the threshold of each object that its bounds are parts of.</summary>
    public RegionThresholdKind Threshold { get; init; } = RegionThresholdKind.Adaptive;

    /// <summary>Valuable localization region: leave out the positives, as the paper says; the published code leaves them in.</summary>
    public bool ExcludePositives { get; init; }

    /// <summary>General instances of detectors with joint scores (GFLv2): what is compared to find them.</summary>
    public InstanceScoreKind Instances { get; init; } = InstanceScoreKind.Probabilities;

    /// <summary>How the difference between student and teacher is measured.</summary>
    public DivergenceKind Divergence { get; init; } = DivergenceKind.Kl;

    /// <summary>Kullback-Leibler: what both logits are divided by; the loss is multiplied by its square.</summary>
    [Within(0, 1000, Above = true)]
    public double Temperature { get; init; } = 10;

    /// <summary>Teacher-bounded regression: how much better than the teacher the student must be to be left alone, in strides of the pyramid level.</summary>
    [Within(0, 1000)]
    public double Margin { get; init; } = 0.1;

    /// <summary>Kullback-Leibler: how the summands of the bins, or of the classes, are joined.</summary>
    public BinReductionKind Bins { get; init; } = BinReductionKind.Mean;

    /// <summary>Localization: what the softmax is taken over.</summary>
    public EdgeSoftmaxKind Edges { get; init; } = EdgeSoftmaxKind.Separate;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 0.25;

    /// <summary>How much each prior of the region counts.</summary>
    public PriorWeighting Weighting { get; init; } = PriorWeighting.StudentScore;

    /// <summary>What the sum is divided by.</summary>
    public DistillationNormalisation Normalisation { get; init; } = DistillationNormalisation.Reference;
}

/// <summary>What a teacher teaches.</summary>
public enum KnowledgeKind
{
    /// <summary>The distributions of the four box edges.</summary>
    Localization,

    /// <summary>The class logits.</summary>
    Classification,

    /// <summary>The pyramid's features; where student and teacher have other numbers of channels there, 'adaptation' is needed.</summary>
    Feature,

    /// <summary>The decoded boxes, against those of the objects: for teacher-bounded regression, in the main region.</summary>
    Boxes,
}

/// <summary>Where a teacher teaches.</summary>
public enum RegionKind
{
    /// <summary>The positives of the label assignment.</summary>
    Main,

    /// <summary>The priors around them that still see the object (Algorithm 1 of the paper).</summary>
    ValuableLocalization,

    /// <summary>The priors with their centre inside an object.</summary>
    InsideGroundTruth,

    /// <summary>The priors with their centre in no object.</summary>
    OutsideGroundTruth,

    /// <summary>The priors that overlap an object more than half as much as the best one does (Wang et al., 2019).</summary>
    FineGrained,

    /// <summary>The same as the authors' code for rotated boxes groups the anchors of a cell, which is not right; for repeating published numbers.</summary>
    FineGrainedReference,

    /// <summary>The places where student and teacher differ most (Dai et al., 2021).</summary>
    GeneralInstances,

    /// <summary>The priors with their centre inside an object that are not positive: besides the main region, where the authors' FCOS is distilled.</summary>
    Remaining,

    /// <summary>All priors.</summary>
    Everywhere,
}

/// <summary>The overlap of anchor and object that bounds the valuable localization region.</summary>
public enum RegionOverlapKind
{
    /// <summary>As in the authors' code: the intersection in parts of the anchor, less the distance of the centres.</summary>
    Reference,

    /// <summary>Distance IoU, as the paper's Algorithm 1 says.</summary>
    Diou,
}

/// <summary>The threshold of an object that the valuable localization region lies below.</summary>
public enum RegionThresholdKind
{
    /// <summary>ATSS's: mean plus deviation of the IoU of the nearest anchors. As in the authors' code, whatever the assigner.</summary>
    Adaptive,

    /// <summary>The assigner's own, over all anchors of all cells, as the paper says: for max-iou 'assigner.positiveIou', for atss and fcos the adaptive one.</summary>
    Assigner,
}

/// <summary>What a softmax is taken over when localization is distilled.</summary>
public enum EdgeSoftmaxKind
{
    /// <summary>The bins of each edge, which is the distribution that the detector predicts.</summary>
    Separate,

    /// <summary>The bins of all edges of a box together, as in the authors' code for RetinaNet.</summary>
    Joint,
}

/// <summary>What is compared to find general instances.</summary>
public enum InstanceScoreKind
{
    /// <summary>The scores of both networks.</summary>
    Probabilities,

    /// <summary>As in the authors' code: the teacher's class logits as they are with the student's joint scores.</summary>
    Reference,
}

/// <summary>How the summands of a Kullback-Leibler divergence are joined.</summary>
public enum BinReductionKind
{
    /// <summary>Their mean, as in the authors' code: what the published weights are made for.</summary>
    Mean,

    /// <summary>Their sum, as in the paper's equations.</summary>
    Sum,
}

/// <summary>How the difference between student and teacher is measured.</summary>
public enum DivergenceKind
{
    /// <summary>Kullback-Leibler divergence of the softmax distributions at a temperature.</summary>
    Kl,

    /// <summary>The mean of the squared differences.</summary>
    Mse,

    /// <summary>The GIoU loss against the object, where the student is not better than the teacher by a margin (Chen et al., 2017).</summary>
    TeacherBoundedRegression,
}

/// <summary>How much each prior of a region counts.</summary>
public enum PriorWeighting
{
    /// <summary>The student's best class score.</summary>
    StudentScore,

    /// <summary>The teacher's best class score.</summary>
    TeacherScore,

    /// <summary>The region's own value: the IoU of prior and object.</summary>
    Region,

    /// <summary>All the same.</summary>
    One,
}

/// <summary>What the sum over priors is divided by.</summary>
public enum DistillationNormalisation
{
    /// <summary>The constants of the authors' code: for repeating published numbers. The term grows with the batch.</summary>
    Reference,

    /// <summary>
    /// Those of the authors' code for rotated boxes: on each level the mean over the region's priors, for localization of the sum over the edges. The term
    /// does not grow with the batch.
    /// </summary>
    ReferenceRotated,

    /// <summary>Nothing: for constants that the recipe states in the weight. The term grows with the batch.</summary>
    Sum,

    /// <summary>The weight of the priors, as the box losses are: the term does not depend on the batch size. For all else.</summary>
    PerPositive,
}

using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Dense;

namespace Retort.Distillation;

/// <summary>What a teacher teaches.</summary>
public enum Knowledge
{
    /// <summary>The distributions of the box edges: logits [K, E, n+1].</summary>
    Localization,

    /// <summary>The class logits [K, 1, C].</summary>
    Classification,

    /// <summary>The pyramid's features [K, 1, D].</summary>
    Feature,

    /// <summary>The decoded boxes [K, 4], against those of the objects; at the positives.</summary>
    Boxes,
}

/// <summary>Where a teacher teaches.</summary>
public enum Region
{
    /// <summary>The positives of the label assignment.</summary>
    Main,

    /// <summary>The priors around them that still see the object (Localization Distillation, Algorithm 1).</summary>
    ValuableLocalization,

    /// <summary>Priors whose centre lies inside an object.</summary>
    InsideGroundTruth,

    /// <summary>Priors whose centre lies in no object.</summary>
    OutsideGroundTruth,

    /// <summary>Priors with more than half of the best IoU that an object has with any.</summary>
    FineGrained,

    /// <summary>
    /// The same as the authors' code of rotated detectors groups them: it takes the list of anchors, which goes from cell to cell, for one
    /// that goes from anchor to anchor, so that features are imitated at other cells. With one anchor a cell there is no difference.
    /// </summary>
    FineGrainedReference,

    /// <summary>The places where student and teacher disagree most (Dai et al., General Instance Distillation).</summary>
    GeneralInstances,

    /// <summary>
    /// Priors whose centre lies inside an object and which are not positive; where the authors' FCOS is distilled besides the main region.
    /// </summary>
    Remaining,

    /// <summary>All priors.</summary>
    Everywhere,
}

/// <summary>How the difference between student and teacher is measured.</summary>
public enum Divergence
{
    /// <summary>Kullback-Leibler divergence of the softmax distributions at a temperature, times its square.</summary>
    Kl,

    /// <summary>Mean of the squared differences, as in the authors' code.</summary>
    Mse,

    /// <summary>Euclidean norm of the differences, as in Localization Distillation, Eq. 3.</summary>
    L2,

    /// <summary>
    /// The box loss against the objects, where the student is not better than the teacher by a margin; see
    /// <see cref="Distillation.TeacherBoundedRegression"/>.
    /// </summary>
    TeacherBoundedRegression,
}

/// <summary>How the summands of a Kullback-Leibler divergence are joined.</summary>
public enum BinReduction
{
    /// <summary>
    /// Mean over bins, or over classes: smaller than the divergence by their number. What the published weights are made for.
    /// </summary>
    Mean,

    /// <summary>The divergence itself, as in the paper's equations.</summary>
    Sum,
}

/// <summary>What a softmax is taken over when localization is distilled.</summary>
public enum EdgeSoftmax
{
    /// <summary>The bins of each edge, which is the distribution that the detector predicts.</summary>
    Separate,

    /// <summary>The bins of all edges of a box together, as in the authors' RetinaNet.</summary>
    Joint,
}

/// <summary>What is compared to find the general instances of detectors with joint scores (GFLv2). For others both are the same.</summary>
public enum InstanceScores
{
    /// <summary>The scores of both networks.</summary>
    Probabilities,

    /// <summary>As in the authors' code: the teacher's class logits as they are with the student's joint scores.</summary>
    Reference,
}

/// <summary>A region that is not among those of <see cref="Region"/>.</summary>
/// <param name="Name">Its name in the log.</param>
/// <param name="Select">The priors of a batch, with their values.</param>
public sealed record RegionFunction(string Name, Func<BatchAssignment, PriorSelection> Select);

/// <summary>How much each prior of a region counts.</summary>
public enum PriorWeighting
{
    /// <summary>The student's best class score.</summary>
    StudentScore,

    /// <summary>The teacher's best class score.</summary>
    TeacherScore,

    /// <summary>The region's own value: the IoU of prior and object where there is one, else one.</summary>
    Region,

    /// <summary>All the same.</summary>
    One,
}

/// <summary>What the sum over priors is divided by.</summary>
public enum Normalisation
{
    /// <summary>
    /// As in the authors' code, for repeating published numbers; the localization terms grow with the batch. Localization in the valuable
    /// region: 4; elsewhere: 1. Classification and features: the mean on each level, summed over the levels; features only on levels with
    /// positives. Boxes, of which that code has nothing: as <see cref="PerPositive"/>, that is, as its box losses.
    /// </summary>
    Reference,

    /// <summary>
    /// As in the authors' code of rotated detectors, for repeating published numbers: the mean over the region's priors on each level, for
    /// localization of the sum over the edges, summed over the levels; features only on levels with positives.
    /// </summary>
    ReferenceRotated,

    /// <summary>
    /// Nothing: the plain sum, for constants of other detectors that a recipe states in its weight. It grows with the batch.
    /// </summary>
    Sum,

    /// <summary>The sum of the priors' weights over all levels: a weighted mean, which does not depend on the size of the batch.</summary>
    PerPositive,
}

/// <summary>
/// One term of the distillation loss (Zheng et al., Localization Distillation, Eq. 9): weight * normalise(sum over the priors p of a region
/// of w(p) * divergence of student and teacher at p). The divergence of a prior is the mean over its edges.
/// </summary>
public sealed record DistillationTerm : IOptionsTogether
{
    /// <summary>What is taught.</summary>
    public Knowledge Knowledge { get; init; } = Knowledge.Localization;

    /// <summary>Where it is taught.</summary>
    public Region Region { get; init; } = Region.Main;

    /// <summary>Valuable localization region: its lower bound in parts of the threshold of the positives; 1 makes it empty.</summary>
    [Within(0, 1)]
    [OnlyWith(nameof(Region), Region.ValuableLocalization)]
    public double Gamma { get; init; } = 0.25;

    /// <summary>Valuable localization region: the overlap that its bounds are for.</summary>
    [OnlyWith(nameof(Region), Region.ValuableLocalization)]
    public RegionOverlap Overlap { get; init; } = RegionOverlap.Reference;

    /// <summary>Valuable localization region: the threshold of each object that its bounds are parts of.</summary>
    [OnlyWith(nameof(Region), Region.ValuableLocalization)]
    public RegionThreshold Threshold { get; init; } = RegionThreshold.Adaptive;

    /// <summary>Valuable localization region: leave out the positives, as the paper says; the published code leaves them in.</summary>
    [OnlyWith(nameof(Region), Region.ValuableLocalization)]
    public bool ExcludePositives { get; init; }

    /// <summary>General instances of detectors with joint scores (GFLv2): what is compared to find them.</summary>
    [OnlyWith(nameof(Region), Region.GeneralInstances)]
    public InstanceScores Instances { get; init; } = InstanceScores.Probabilities;

    /// <summary>How the difference between student and teacher is measured.</summary>
    public Divergence Divergence { get; init; } = Divergence.Kl;

    /// <summary>Kullback-Leibler: what both logits are divided by; the loss is multiplied by its square.</summary>
    [Within(0, 1000, Above = true)]
    [OnlyWith(nameof(Divergence), Divergence.Kl)]
    public double Temperature { get; init; } = 10;

    /// <summary>
    /// Teacher-bounded regression: how much better than the teacher the student must be to be left alone, in strides of the pyramid level.
    /// </summary>
    [Within(0, 1000)]
    [OnlyWith(nameof(Divergence), Divergence.TeacherBoundedRegression)]
    public double Margin { get; init; } = 0.1;

    /// <summary>Kullback-Leibler: how the summands of the bins, or of the classes, are joined.</summary>
    [OnlyWith(nameof(Divergence), Divergence.Kl)]
    public BinReduction Bins { get; init; } = BinReduction.Mean;

    /// <summary>Localization: what the softmax is taken over.</summary>
    [OnlyWith(nameof(Divergence), Divergence.Kl)]
    [OnlyWith(nameof(Knowledge), Knowledge.Localization)]
    public EdgeSoftmax Edges { get; init; } = EdgeSoftmax.Separate;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 0.25;

    /// <summary>How much each prior of the region counts.</summary>
    public PriorWeighting Weighting { get; init; } = PriorWeighting.StudentScore;

    /// <summary>What the sum is divided by.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.Reference;

    /// <summary>Where it is taught instead, in a region of one's own; null: in <see cref="Region"/>.</summary>
    [CodeOnly]
    public RegionFunction? OwnRegion { get; init; }

    /// <summary>Which valuable localization region, where it is taught there.</summary>
    public ValuableRegionOptions Valuable =>
        new() { Gamma = Gamma, Overlap = Overlap, Threshold = Threshold, ExcludePositives = ExcludePositives };

    /// <summary>Name in the log: loss_ld, loss_kd, loss_tbr or loss_im, with the region's where it is not the main one.</summary>
    public string Name => Knowledge switch
    {
        Knowledge.Localization => "loss_ld",
        Knowledge.Classification => "loss_kd",
        Knowledge.Feature => "loss_im",
        Knowledge.Boxes => "loss_tbr",
        _ => throw new InvalidOperationException($"the knowledge {Knowledge} has no name in the log"),
    } + (OwnRegion is { } own ? "_" + own.Name : Suffix);

    private string Suffix => Region switch
    {
        Region.Main => "",
        Region.ValuableLocalization => "_vlr",
        Region.InsideGroundTruth => "_inside",
        Region.OutsideGroundTruth => "_outside",
        Region.FineGrained or Region.FineGrainedReference => "_fine",
        Region.GeneralInstances => "_gi",
        _ => string.Concat(Region.ToString().Select(c => char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}")),
    };

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        bool bounded = Divergence == Divergence.TeacherBoundedRegression;
        if (bounded != (Knowledge == Knowledge.Boxes))
        {
            problems.Refuse(
                "",
                $"{Term(problems)} has knowledge {OptionNames.Value(Knowledge)} and divergence {OptionNames.Value(Divergence)}; "
                + "boxes are taught by teacher-bounded-regression, and by nothing else");
        }

        if (bounded && (Region != Region.Main || OwnRegion is not null))
        {
            problems.Refuse(
                "",
                $"{Term(problems)} teaches boxes in the region {OwnRegion?.Name ?? OptionNames.Value(Region)}; "
                + "only the positives, region main, have an object's box to compare with");
        }
    }

    private string Term(OptionProblems problems) => problems.Path.Length > 0 ? problems.Name("") : Name;
}

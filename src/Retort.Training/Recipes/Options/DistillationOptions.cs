using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Distillation;

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
/// Zheng et al., Localization Distillation (Eq. 9): each scheme of the paper is one term or two. The values' names are those of the library's enums.
/// </summary>
public sealed record DistillationTermOptions
{
    /// <summary>What is taught.</summary>
    public Knowledge Knowledge { get; init; } = Knowledge.Localization;

    /// <summary>Where it is taught.</summary>
    public Region Region { get; init; } = Region.Main;

    /// <summary>Valuable localization region: its lower bound in parts of the threshold of the positives; 1 makes it empty.</summary>
    [Within(0, 1)]
    public double Gamma { get; init; } = 0.25;

    /// <summary>Valuable localization region: the overlap that its bounds are for.</summary>
    public RegionOverlap Overlap { get; init; } = RegionOverlap.Reference;

    /// <summary>Valuable localization region: the threshold of each object that its bounds are parts of.</summary>
    public RegionThreshold Threshold { get; init; } = RegionThreshold.Adaptive;

    /// <summary>Valuable localization region: leave out the positives, as the paper says; the published code leaves them in.</summary>
    public bool ExcludePositives { get; init; }

    /// <summary>General instances of detectors with joint scores (GFLv2): what is compared to find them.</summary>
    public InstanceScores Instances { get; init; } = InstanceScores.Probabilities;

    /// <summary>How the difference between student and teacher is measured.</summary>
    public Divergence Divergence { get; init; } = Divergence.Kl;

    /// <summary>Kullback-Leibler: what both logits are divided by; the loss is multiplied by its square.</summary>
    [Within(0, 1000, Above = true)]
    public double Temperature { get; init; } = 10;

    /// <summary>Teacher-bounded regression: how much better than the teacher the student must be to be left alone, in strides of the pyramid level.</summary>
    [Within(0, 1000)]
    public double Margin { get; init; } = 0.1;

    /// <summary>Kullback-Leibler: how the summands of the bins, or of the classes, are joined.</summary>
    public BinReduction Bins { get; init; } = BinReduction.Mean;

    /// <summary>Localization: what the softmax is taken over.</summary>
    public EdgeSoftmax Edges { get; init; } = EdgeSoftmax.Separate;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 0.25;

    /// <summary>How much each prior of the region counts.</summary>
    public PriorWeighting Weighting { get; init; } = PriorWeighting.StudentScore;

    /// <summary>What the sum is divided by.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.Reference;
}

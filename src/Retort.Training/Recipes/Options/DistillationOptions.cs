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

    /// <summary>How the difference between student and teacher is measured.</summary>
    public DivergenceKind Divergence { get; init; } = DivergenceKind.Kl;

    /// <summary>Kullback-Leibler: what both logits are divided by; the loss is multiplied by its square.</summary>
    [Within(0, 1000, Above = true)]
    public double Temperature { get; init; } = 10;

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
}

/// <summary>Where a teacher teaches.</summary>
public enum RegionKind
{
    /// <summary>The positives of the label assignment.</summary>
    Main,

    /// <summary>The priors around them that still see the object (Algorithm 1 of the paper).</summary>
    ValuableLocalization,
}

/// <summary>How the difference between student and teacher is measured.</summary>
public enum DivergenceKind
{
    /// <summary>Kullback-Leibler divergence of the softmax distributions at a temperature.</summary>
    Kl,
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

    /// <summary>The weight of the priors, as the box losses are: the term does not depend on the batch size. For all else.</summary>
    PerPositive,
}

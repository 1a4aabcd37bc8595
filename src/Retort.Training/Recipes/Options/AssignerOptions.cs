using Retort.Core.Options;
using Retort.Detection.Assigners;

namespace Retort.Training.Recipes;

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

    /// <summary>Max-IoU: what becomes of an object that overlaps no prior at all: nothing, or as in the authors' code it takes every prior of the image.</summary>
    public UnmatchedObjects Unmatched { get; init; } = UnmatchedObjects.None;

    /// <summary>ATSS and max-IoU: a prior that lies by more than this share of its area in a crowd or difficult object is ignored; where nothing stands here, it is background.</summary>
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

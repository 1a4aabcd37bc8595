using System.Globalization;
using Retort.Core.Geometry;
using Retort.Core.Options;

namespace Retort.Detection.Assigners;

/// <summary>What becomes of an object that overlaps no prior at all, where <see cref="MaxIouOptions.LeastIou"/> is 0.</summary>
public enum UnmatchedObjects
{
    /// <summary>It has no priors.</summary>
    None,

    /// <summary>
    /// As in the authors' code: every prior shares its largest overlap, zero, so all priors of all levels that are not ignored become its
    /// own, those of earlier objects too.
    /// </summary>
    Reference,
}

/// <summary>Which priors are responsible for which object.</summary>
[Kind("atss", typeof(AtssOptions))]
[Kind("max-iou", typeof(MaxIouOptions))]
[Kind("fcos", typeof(FcosOptions))]
public abstract record AssignerOptions
{
    /// <summary>
    /// Nearest priors a level that are candidates for an object in ATSS; with other rules the same, for the adaptive threshold of the
    /// valuable localization region.
    /// </summary>
    [Within(1, 1000)]
    public int TopK { get; init; } = 9;
}

/// <summary>Adaptive Training Sample Selection (Zhang et al., 2020).</summary>
public sealed record AtssOptions : AssignerOptions
{
    // On a level with fewer other priors than candidates an ignored one is a candidate still, and may become positive.

    /// <summary>
    /// A prior that lies by more than this share of its area in a crowd or difficult object is ignored; if unset, it is background.
    /// </summary>
    [Within(0, 1)]
    public double? IgnoredIof { get; init; }
}

/// <summary>By the largest IoU, with an object's best priors always its own (Ren et al., 2015; RetinaNet).</summary>
public sealed record MaxIouOptions : AssignerOptions, IOptionsTogether
{
    /// <summary>A prior that overlaps an object by at least this is positive.</summary>
    [Within(0, 1, Above = true)]
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>A prior that overlaps every object by less than this is background; those between are ignored.</summary>
    [Within(0, 1)]
    public double NegativeIou { get; init; } = 0.4;

    /// <summary>The priors that overlap an object most are positive if by at least this much.</summary>
    [Within(0, 1)]
    public double LeastIou { get; init; }

    /// <summary>
    /// What becomes of an object that overlaps no prior at all: nothing, or as in the authors' code it takes every prior of the image.
    /// </summary>
    public UnmatchedObjects Unmatched { get; init; } = UnmatchedObjects.None;

    /// <summary>
    /// A prior that lies by more than this share of its area in a crowd or difficult object is ignored, whatever object it overlaps; if
    /// unset, it is background.
    /// </summary>
    [Within(0, 1)]
    public double? IgnoredIof { get; init; }

    /// <summary>
    /// For detectors of rotated boxes the convention that these are described in; null for upright ones. Objects that have no rotated box
    /// are taken as they are, upright.
    /// </summary>
    [CodeOnly]
    public AngleConvention? Rotated { get; init; }

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (NegativeIou > PositiveIou)
        {
            problems.Refuse(
                "",
                string.Create(CultureInfo.InvariantCulture,
                    $"{problems.Name("negativeIou")} is {NegativeIou}, above {problems.Name("positiveIou")} ({PositiveIou}); a prior "
                        + $"cannot be background and positive"));
        }
    }
}

/// <summary>Points near the centre of an object whose size fits the level (Tian et al., 2019).</summary>
public sealed record FcosOptions : AssignerOptions
{
    /// <summary>
    /// How far from an object's centre a positive point may be, in strides, across and down; 0 for anywhere in the object.
    /// </summary>
    [Within(0, 1000)]
    public double CentreRadius { get; init; } = 1.5;

    // A level's smallest distance is the largest of the finer one. With strides from 8 on: 64, 128, 256 and 512 pixels.

    /// <summary>The largest distance to a box edge that a level is for, in strides; the last level has none.</summary>
    [Within(0, 1000, Above = true)]
    public double Reach { get; init; } = 8;

    /// <summary>Side of the preset square anchor of each point that regions are measured with, in strides.</summary>
    [CodeOnly]
    [Within(0, 64, Above = true)]
    public double AnchorScale { get; init; } = 8;
}

using Retort.Evaluation.Voc;

namespace Retort.Evaluation.Dota;

/// <summary>What to measure.</summary>
public sealed record DotaEvaluationOptions
{
    /// <summary>DOTA's task 1: ten thresholds, eleven points, an overlap above the threshold.</summary>
    public static DotaEvaluationOptions Task1 { get; } = new();

    /// <summary>
    /// The mean average precision that the authors' code computes on windows while training: area under the curve, an overlap of the
    /// threshold suffices.
    /// </summary>
    public static DotaEvaluationOptions Windows { get; } =
        new() { Thresholds = [0.5, 0.75], Interpolation = VocInterpolation.Area, AboveThreshold = false };

    /// <summary>Overlaps from which on a detection is right, each above 0 and up to 1. Default: 0.5, 0.55 to 0.95.</summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

    /// <summary>How the area under a curve is taken. Default: eleven points, as in DOTA's script.</summary>
    public VocInterpolation Interpolation { get; init; } = VocInterpolation.ElevenPoint;

    /// <summary>Whether the overlap must be above the threshold, instead of at least the threshold. Default: yes.</summary>
    public bool AboveThreshold { get; init; } = true;

    internal void Validate()
    {
        if (Thresholds is not { Count: > 0 } || !Thresholds.All(t => t is > 0 and <= 1))
        {
            throw new ArgumentException("the thresholds must be above 0 and up to 1, at least one of them", nameof(Thresholds));
        }
    }
}

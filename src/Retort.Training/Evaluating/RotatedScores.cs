using Retort.Evaluation.Dota;
using Retort.Evaluation.Voc;
using Retort.Recipes;

namespace Retort.Training.Evaluating;

/// <summary>The average precision of rotated boxes, with exact overlaps.</summary>
/// <param name="Evaluation">All numbers, also by class.</param>
/// <param name="ClassNames">Class names by label.</param>
public sealed record RotatedScores(DotaEvaluation Evaluation, IReadOnlyList<string> ClassNames) : IDetectionScores
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Numbers => Evaluation.Numbers;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Headline =>
        [("AP", AP), ("AP50", AP50), ("AP75", AP75), ("AP90", Evaluation.MeanAt(0.9) ?? 0)];

    /// <inheritdoc/>
    public double AP => Evaluation.AP;

    /// <inheritdoc/>
    public double AP50 => Evaluation.MeanAt(0.5) ?? 0;

    /// <inheritdoc/>
    public double AP75 => Evaluation.MeanAt(0.75) ?? 0;

    /// <inheritdoc/>
    public void WriteJson(string path) => Evaluation.WriteJson(path, ClassNames);

    /// <summary>
    /// What a protocol means for rotated boxes: VOC 2007's eleven points are DOTA's task 1, an overlap above the threshold; the others are
    /// the area under the curve, an overlap of the threshold or more, as the authors' code measures windows. Both at the thresholds .50 to
    /// .95.
    /// </summary>
    public static DotaEvaluationOptions OptionsOf(EvaluationProtocol protocol) => protocol == EvaluationProtocol.Voc07
        ? DotaEvaluationOptions.Task1
        : DotaEvaluationOptions.Windows with { Thresholds = DotaEvaluationOptions.Task1.Thresholds };
}

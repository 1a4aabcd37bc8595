using Retort.Evaluation.Coco;
using Retort.Training.Recipes;

namespace Retort.Training.Evaluating;

/// <summary>What a detector scored on a data set, and the detections that the score was computed from.</summary>
/// <param name="Evaluation">COCO's metrics, all and by class.</param>
/// <param name="Detections">All detections.</param>
/// <param name="Images">Images that were looked at.</param>
/// <param name="Duration">Time from the first image to the last detection.</param>
public sealed record EvaluationResult(CocoEvaluation Evaluation, CocoDetections Detections, int Images, TimeSpan Duration)
{
    /// <summary>The twelve numbers.</summary>
    public CocoSummary Summary => Evaluation.Summary;

    /// <summary>One number, 0 to 1 (-1 where the data set has no objects).</summary>
    public double Metric(EvaluationMetric metric) => metric switch
    {
        EvaluationMetric.Ap => Summary.AP,
        EvaluationMetric.Ap50 => Summary.AP50,
        EvaluationMetric.Ap75 => Summary.AP75,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "unknown metric"),
    };
}

using Retort.Evaluation.Coco;
using Retort.Training.Recipes;

namespace Retort.Training.Evaluating;

/// <summary>What a detector scored on a data set, and the detections that the score was computed from.</summary>
/// <param name="Scores">The numbers of the protocol, all and by class.</param>
/// <param name="Detections">All detections.</param>
/// <param name="Images">Images that were looked at.</param>
/// <param name="Duration">Time from the first image to the last detection.</param>
public sealed record EvaluationResult(IDetectionScores Scores, CocoDetections Detections, int Images, TimeSpan Duration)
{
    /// <summary>One number, 0 to 1 (-1 where the data set has no objects).</summary>
    public double Metric(EvaluationMetric metric) => metric switch
    {
        EvaluationMetric.Ap => Scores.AP,
        EvaluationMetric.Ap50 => Scores.AP50,
        EvaluationMetric.Ap75 => Scores.AP75,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "unknown metric"),
    };
}

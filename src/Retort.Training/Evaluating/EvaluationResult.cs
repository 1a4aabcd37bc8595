using Retort.Core;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Dota;
using Retort.Recipes;

namespace Retort.Training.Evaluating;

/// <summary>What a detector scored on a data set, and the detections that the score was computed from.</summary>
/// <param name="Scores">The numbers of the protocol, all and by class.</param>
/// <param name="Detections">All detections; none where the detector finds rotated boxes.</param>
/// <param name="Images">Number of processed images.</param>
/// <param name="Duration">Time from the first image to the last detection.</param>
public sealed record EvaluationResult(IDetectionScores Scores, CocoDetections Detections, int Images, TimeSpan Duration)
{
    /// <summary>All detections of a detector of rotated boxes; null for a horizontal one.</summary>
    public Task1Results? Rotated { get; init; }

    /// <summary>Class names by label.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>
    /// Writes the detections: horizontal ones as a JSON file of COCO's results format, rotated ones as DOTA's task 1 files into a folder,
    /// or a zip where the path says so.
    /// </summary>
    /// <param name="path">The file, folder or zip.</param>
    /// <param name="replace">Whether task 1 files that are in the folder are replaced.</param>
    /// <exception cref="RetortException">A file cannot be written, or there are such files that are not to be replaced.</exception>
    public void WriteDetections(string path, bool replace = false)
    {
        if (Rotated is { } rotated)
        {
            Task1Writer.Write(path, rotated, ClassNames, replace);
        }
        else
        {
            Detections.Write(path);
        }
    }

    /// <summary>One number, 0 to 1 (-1 where the data set has no objects).</summary>
    public double Metric(EvaluationMetric metric) => metric switch
    {
        EvaluationMetric.Ap => Scores.AP,
        EvaluationMetric.Ap50 => Scores.AP50,
        EvaluationMetric.Ap75 => Scores.AP75,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "unknown metric"),
    };
}

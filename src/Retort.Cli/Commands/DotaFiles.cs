using Retort.Evaluation.Dota;
using Retort.Training.Evaluating;
using Retort.Training.Recipes;

namespace Retort.Cli.Commands;

/// <summary>Detections in DOTA's result files against DOTA's label files.</summary>
internal static class DotaFiles
{
    /// <summary>Whether the paths name such files: labels in a folder without VOC's lists, results in a folder or a zip.</summary>
    /// <exception cref="FileNotFoundException">There are no such results.</exception>
    public static bool Are(string annotations, string? split, string results)
    {
        if (!File.Exists(results) && !Directory.Exists(results))
        {
            throw new FileNotFoundException($"{results}: there is no such file or folder of results; check the path after --results", results);
        }

        return split is null && Directory.Exists(annotations) && (Directory.Exists(results) || Path.GetExtension(results).Equals(".zip", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Measures them.</summary>
    /// <param name="annotations">The folder of label files.</param>
    /// <param name="results">The folder or zip of result files.</param>
    /// <param name="protocol">The definition of average precision; null is DOTA's own.</param>
    /// <param name="merge">Whether the detections are of windows, and are brought together first.</param>
    public static RotatedScores Measure(string annotations, string results, EvaluationProtocol? protocol, bool merge)
    {
        IReadOnlyList<string> found = Task1Reader.ClassesIn(results);
        RotatedTruth truth = RotatedTruth.Read(annotations, found);
        Task1Results detections = merge
            ? Task1Reader.Read(results, truth.ClassNames).Merge(imageNames: truth.ImageNames)
            : Task1Reader.Read(results, truth.ClassNames, truth.ImageNames);
        return DetectionScores.Measure(protocol ?? EvaluationProtocol.Voc07, truth, detections.Detections);
    }
}

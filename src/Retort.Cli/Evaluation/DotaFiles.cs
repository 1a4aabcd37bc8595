using Retort.Core;
using Retort.Evaluation.Dota;
using Retort.Training.Evaluating;
using Retort.Recipes;
using Retort.Recipes.Reading;

namespace Retort.Cli.Evaluation;

/// <summary>Detections in DOTA's result files against DOTA's label files.</summary>
internal static class DotaFiles
{
    /// <summary>Whether the paths name such files: labels in a folder, results in a folder or a zip.</summary>
    /// <exception cref="RetortException">There are no such results.</exception>
    public static bool IsDota(string annotations, string results)
    {
        if (!File.Exists(results) && !Directory.Exists(results))
        {
            throw new RetortException($"{results}: there is no such file or folder of results; check the path after --results");
        }

        return Directory.Exists(annotations)
            && (Directory.Exists(results) || Path.GetExtension(results).Equals(".zip", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Measures them.</summary>
    /// <param name="annotations">The folder of label files.</param>
    /// <param name="list">A file of names of the images to measure on, one a line; null for all.</param>
    /// <param name="results">The folder or zip of result files.</param>
    /// <param name="protocol">The definition of average precision; null is DOTA's own.</param>
    /// <param name="merge">Whether the detections are of windows, and are brought together first.</param>
    /// <param name="warn">Receives classes that are in the results alone, a line each.</param>
    public static RotatedScores Measure(
        string annotations, string? list, string results, EvaluationProtocol? protocol, bool merge, Action<string> warn)
    {
        IReadOnlyList<string> found = Task1Reader.ClassesIn(results);
        RotatedTruth truth = RotatedTruth.Read(annotations, list, found);
        IReadOnlyList<string> known = list is null ? truth.ImageNames : [.. truth.ImageNames.Union(RotatedTruth.ImagesOf(annotations))];
        Task1Results detections = merge
            ? Task1Reader.Read(results, truth.ClassNames).Merge(imageNames: known)
            : Task1Reader.Read(results, truth.ClassNames, known);
        WarnOfStrangers(truth, detections, warn);
        return DetectionScores.Measure(protocol ?? EvaluationProtocol.Voc07, truth, detections.Of(truth.ImageNames).Detections);
    }

    // Most likely a misspelt name: then the class of that name has no detections, and a low score that nothing explains.
    private static void WarnOfStrangers(RotatedTruth truth, Task1Results results, Action<string> warn)
    {
        string[] here = [.. truth.Objects.Classes.Distinct().Order().Select(k => truth.ClassNames[k])];
        foreach (string name in results.Detections.Classes.Distinct().Order().Select(k => truth.ClassNames[k]).Except(here))
        {
            warn($"warning: {results.Source}: Task1_{name}.txt has detections, but the labels have no object of the class "
                + $"'{name}'{(here.Length > 0 ? Spelling.Hint(name, here) : "")}");
        }
    }
}

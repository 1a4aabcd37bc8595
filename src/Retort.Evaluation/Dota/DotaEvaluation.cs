using Retort.Core;
using Retort.Core.Files;

namespace Retort.Evaluation.Dota;

/// <summary>The results of an evaluation of oriented detections.</summary>
public sealed class DotaEvaluation
{
    internal DotaEvaluation(DotaEvaluationOptions options, IReadOnlyList<DotaClassResult> classes) =>
        (Options, Classes) = (options, classes);

    /// <summary>What was measured.</summary>
    public DotaEvaluationOptions Options { get; }

    /// <summary>The results by class.</summary>
    public IReadOnlyList<DotaClassResult> Classes { get; }

    /// <summary>Mean average precision over all thresholds (AP); 0 where no class has objects.</summary>
    public double AP => Enumerable.Range(0, Options.Thresholds.Count).Average(MeanAP);

    /// <summary>Mean over the classes that have objects, at one threshold; 0 where none has.</summary>
    /// <param name="threshold">Position of the threshold in the options.</param>
    public double MeanAP(int threshold) => Classes.Where(c => c.Objects > 0).Select(c => c.AP[threshold]).DefaultIfEmpty(0).Average();

    /// <summary>Mean over the classes at the given threshold; null where it was not measured.</summary>
    public double? MeanAt(double threshold)
    {
        for (int t = 0; t < Options.Thresholds.Count; t++)
        {
            if (Math.Abs(Options.Thresholds[t] - threshold) < 1e-9)
            {
                return MeanAP(t);
            }
        }

        return null;
    }

    /// <summary>The means by name, AP first, then AP50 and so on.</summary>
    public IReadOnlyList<(string Name, double Value)> Numbers =>
        [("AP", AP), .. Options.Thresholds.Select((threshold, t) => (DotaEvaluationWriter.NameOf(threshold), MeanAP(t)))];

    /// <summary>Writes all numbers, those of each class too, as JSON. The file appears whole or not at all.</summary>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public void WriteJson(string path, IReadOnlyList<string> classNames) =>
        AtomicFile.Write(path, stream => DotaEvaluationWriter.Write(stream, this, classNames), createFolder: true);

    /// <summary>
    /// The numbers that the authors' script prints: it does not reset its sum between thresholds, so the number at a threshold is (the one
    /// before + the sum over the classes) / number of classes, and the total is the mean of these.
    /// </summary>
    /// <returns>A number for each threshold [T], and their mean.</returns>
    public (double[] Printed, double Total) ReferencePrint()
    {
        double[] printed = new double[Options.Thresholds.Count];
        double running = 0;
        for (int t = 0; t < printed.Length; t++)
        {
            running = (running + Classes.Sum(c => c.AP[t])) / Classes.Count;
            printed[t] = running;
        }

        return (printed, printed.Average());
    }
}

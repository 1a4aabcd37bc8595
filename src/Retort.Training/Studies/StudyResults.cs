using Retort.Core;
using Retort.Recipes;

namespace Retort.Training.Studies;

/// <summary>What a row of a study has given so far.</summary>
/// <param name="Row">The row.</param>
/// <param name="Runs">Its runs with their results.</param>
public sealed record StudyRowResult(StudyRow Row, IReadOnlyList<(StudyRun Run, StudyRunResult Result)> Runs)
{
    /// <summary>The complete runs, or, while there is none, those that have a measurement.</summary>
    private IEnumerable<StudyRunResult> Counted
    {
        get
        {
            StudyRunResult[] complete = [.. Runs.Select(r => r.Result).Where(r => r.IsComplete)];
            return complete.Length > 0 ? complete : Runs.Select(r => r.Result);
        }
    }

    /// <summary>Runs whose schedule is complete.</summary>
    public int Complete => Runs.Count(r => r.Result.IsComplete);

    /// <summary>Hours of all runs together; null where nothing was kept.</summary>
    public double? Hours =>
        Runs.Select(r => r.Result.Seconds).OfType<double>().ToArray() is { Length: > 0 } seconds ? seconds.Sum() / 3600 : null;

    /// <summary>
    /// Mean and sample standard deviation over the runs, 0 to 1; null where nothing was measured. Of one run there is no deviation.
    /// </summary>
    /// <param name="metric">A name in the log, such as <c>AP50</c>.</param>
    public (double Mean, double? Deviation)? Metric(string metric)
    {
        double[] values = [.. Counted.Where(r => r.Metrics.ContainsKey(metric)).Select(r => r.Metrics[metric])];
        if (values.Length == 0)
        {
            return null;
        }

        double mean = values.Average();
        return (mean, values.Length > 1 ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)) : null);
    }
}

/// <summary>What a study has given so far, read from its run folders.</summary>
/// <param name="Study">The study.</param>
/// <param name="Rows">Its rows in their order.</param>
public sealed record StudyResults(Study Study, IReadOnlyList<StudyRowResult> Rows)
{
    private static readonly string[] s_bySize = ["AP", "AP50", "AP75", "APs", "APm", "APl"];
    private static readonly string[] s_byThreshold = ["AP", "AP50", "AP60", "AP70", "AP75", "AP80", "AP90"];

    /// <summary>The metrics that the table has: those of the protocols that its rows are measured by.</summary>
    public IReadOnlyList<string> Metrics
    {
        get
        {
            HashSet<string> measured = [.. Study.Rows.SelectMany(row => MetricsOf(row.Runs[0].Recipe))];
            return [.. s_byThreshold.Union(s_bySize).Where(measured.Contains)];
        }
    }

    /// <summary>Reads the folders of all runs.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="RetortException">A file in a run folder is damaged.</exception>
    public static StudyResults Read(Study study) =>
        new(study, [.. study.Rows.Select(row => new StudyRowResult(row, [.. row.Runs.Select(run => (run, run.Result()))]))]);

    // COCO's evaluation tells sizes apart; VOC's, and that of rotated boxes whatever the protocol, go through the thresholds.
    private static string[] MetricsOf(Recipe recipe) =>
        recipe.Evaluation.Protocol == EvaluationProtocol.Coco && !recipe.Model.IsRotated ? s_bySize : s_byThreshold;

    /// <summary>
    /// What a row is better by than the base row, 0 to 1; null for that row itself and where one of the two is not complete.
    /// </summary>
    /// <param name="row">A row.</param>
    public double? Difference(StudyRowResult row)
    {
        StudyRowResult compared = Rows.First(r => r.Row == Study.Base);
        return row.Row != Study.Base && row.Complete > 0 && compared.Complete > 0 ? row.Metric("AP")?.Mean - compared.Metric("AP")?.Mean
            : null;
    }

    /// <summary>What the paper's number is better by than that of the base row, in percent.</summary>
    /// <param name="row">A row.</param>
    public double? ReportedDifference(StudyRowResult row) => row.Row != Study.Base ? row.Row.Reported - Study.Base.Reported : null;
}

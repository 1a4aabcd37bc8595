using Retort.Evaluation.Voc;

namespace Retort.Evaluation.Dota;

/// <summary>
/// The evaluation of oriented detections as in DOTA's task 1 (Xia et al., "DOTA: A Large-Scale Dataset for Object Detection in Aerial
/// Images"): the average precision of VOC with exact overlaps of polygons. Results agree with the authors' script to rounding, but for what
/// it prints (<see cref="DotaEvaluation.ReferencePrint"/>), and classes without detections, which stop the script.
/// </summary>
public static class DotaEvaluator
{
    /// <summary>Compares detections with the objects; classes are evaluated on all processors.</summary>
    /// <param name="objects">The true objects.</param>
    /// <param name="detections">The detections, of any number of images.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="options">What to measure; null is task 1.</param>
    /// <exception cref="ArgumentException">Arrays differ in length, an index is outside its range, or an option is.</exception>
    public static DotaEvaluation Evaluate(
        DotaObjects objects, DotaDetections detections, int classes, DotaEvaluationOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        options ??= DotaEvaluationOptions.Task1;
        options.Validate();
        var problem = new DotaProblem(objects, detections, classes);
        var results = new DotaClassResult[classes];
        Parallel.For(0, classes, k => results[k] = Measure(problem, k, options));
        return new DotaEvaluation(options, results);
    }

    private static DotaClassResult Measure(DotaProblem problem, int k, DotaEvaluationOptions options)
    {
        var matches = new DotaMatches(problem, problem.ObjectGroups.Group(k), problem.DetectionGroups.Group(k));
        double[] ap = new double[options.Thresholds.Count];
        for (int t = 0; t < ap.Length; t++)
        {
            (double[] recall, double[] precision) = matches.Curve(options.Thresholds[t], options.AboveThreshold);
            ap[t] = VocAveragePrecision.Compute(recall, precision, options.Interpolation);
        }

        return new DotaClassResult(k, matches, ap, options.AboveThreshold);
    }
}

using Retort.Core;
using Retort.Core.Files;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Voc;

/// <summary>
/// The VOC evaluation of a data set at the ten IoU thresholds .50, .55, ... .95, as the authors of Localization Distillation report it: AP
/// at each, AP as the mean of the ten, and each class's objects, detections, recall and AP. All in [0, 1].
/// </summary>
public sealed record VocSummary
{
    private const int FirstPercent = 50;
    private const int StepPercent = 5;

    private VocSummary(IReadOnlyList<string> classNames, IReadOnlyList<int> detections, IReadOnlyList<VocEvaluation> thresholds) =>
        (ClassNames, Detections, Thresholds) = (classNames, detections, thresholds);

    /// <summary>Names of the classes [K], by ascending category id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of detections of each class [K].</summary>
    public IReadOnlyList<int> Detections { get; }

    /// <summary>The evaluation at each threshold [10].</summary>
    public IReadOnlyList<VocEvaluation> Thresholds { get; }

    /// <summary>The thresholds in percent [10]: 50, 55, ... 95.</summary>
    public static IReadOnlyList<int> Percents { get; } = [.. Enumerable.Range(0, 10).Select(t => FirstPercent + (StepPercent * t))];

    /// <summary>The mean of <see cref="VocEvaluation.MeanAP"/> over the ten thresholds.</summary>
    public double AP => Thresholds.Average(t => t.MeanAP);

    /// <summary>AP at IoU .50: what VOC calls mAP.</summary>
    public double AP50 => At(50).MeanAP;

    /// <summary>AP at IoU .75.</summary>
    public double AP75 => At(75).MeanAP;

    /// <summary>The eleven names AP, AP50, ... AP95.</summary>
    public static IReadOnlyList<string> Names { get; } = ["AP", .. Percents.Select(p => $"AP{p}")];

    /// <summary>The eleven numbers [11] in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<double> Values => [AP, .. Thresholds.Select(t => t.MeanAP)];

    /// <summary>The evaluation at a threshold in percent, one of <see cref="Percents"/>.</summary>
    public VocEvaluation At(int percent) => Thresholds[(percent - FirstPercent) / StepPercent];

    /// <summary>AP of a class [K] averaged over the ten thresholds.</summary>
    public double MeanOfClass(int classIndex) => Thresholds.Average(t => t.Classes[classIndex].AP);

    /// <summary>
    /// Measures detections against a ground truth. Crowd regions are taken as difficult objects: finding one is neither right nor wrong.
    /// </summary>
    /// <param name="truth">The images, classes and objects.</param>
    /// <param name="detections">Detections of those images and classes.</param>
    /// <param name="interpolation">How a curve becomes a number: eleven points for VOC 2007, the area from 2010 on.</param>
    /// <exception cref="RetortException">A detection is of an image or class that the ground truth does not have.</exception>
    public static VocSummary Measure(CocoGroundTruth truth, CocoDetections detections, VocInterpolation interpolation)
    {
        var columns = new CocoDetectionColumns(detections, truth);
        var objects = new VocObjects
        {
            Images = truth.ImageRanks,
            Classes = truth.CategoryRanks,
            Boxes = Corners(truth.Boxes),
            Difficult = truth.Crowd
        };
        var found = new VocDetections
        {
            Images = columns.ImageRanks,
            Classes = columns.CategoryRanks,
            Boxes = Corners(detections.Boxes),
            Scores = detections.Scores.ToArray(),
        };
        int[] counts = new int[truth.Categories.Count];
        foreach (int category in columns.CategoryRanks)
        {
            counts[category]++;
        }

        IReadOnlyList<VocEvaluation> thresholds =
            VocEvaluator.EvaluateThresholds(
                objects, found, truth.Categories.Count, new VocEvaluationOptions { Interpolation = interpolation });
        return new VocSummary([.. truth.Categories.Select(c => c.Name)], counts, thresholds);
    }

    /// <summary>
    /// Writes all numbers as JSON: AP, AP50, ... AP95, and by class <c>objects</c>, <c>detections</c>, and <c>recall</c> and <c>AP</c> at
    /// each threshold.
    /// </summary>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public void WriteJson(string path) => AtomicFile.Write(path, stream => VocSummaryWriter.Write(stream, this));

    // [N, 4] x, y, width, height -> x1, y1, x2, y2.
    private static double[] Corners(ReadOnlySpan<double> boxes)
    {
        double[] corners = boxes.ToArray();
        for (int i = 0; i < corners.Length; i += 4)
        {
            corners[i + 2] += corners[i];
            corners[i + 3] += corners[i + 1];
        }

        return corners;
    }
}

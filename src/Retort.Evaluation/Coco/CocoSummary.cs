using System.Globalization;
using System.Text;

namespace Retort.Evaluation.Coco;

/// <summary>The twelve numbers of COCO. Each is in [0, 1], or -1 where nothing could be measured.</summary>
/// <param name="AP">Average precision: mean over IoU thresholds, recall levels and categories.</param>
/// <param name="AP50">The same at IoU 0.5 only.</param>
/// <param name="AP75">The same at IoU 0.75 only.</param>
/// <param name="APs">Of small objects, area up to 32x32.</param>
/// <param name="APm">Of medium objects, area 32x32 to 96x96.</param>
/// <param name="APl">Of large objects, area from 96x96.</param>
/// <param name="AR1">Average recall with the first limit of detections an image, by default 1.</param>
/// <param name="AR10">With the second limit, by default 10.</param>
/// <param name="AR100">With the third limit, by default 100.</param>
/// <param name="ARs">Average recall of small objects, third limit.</param>
/// <param name="ARm">Average recall of medium objects, third limit.</param>
/// <param name="ARl">Average recall of large objects, third limit.</param>
public sealed record CocoSummary(
    double AP, double AP50, double AP75, double APs, double APm, double APl,
    double AR1, double AR10, double AR100, double ARs, double ARm, double ARl)
{
    /// <summary>The limit of detections that AP is defined with, whatever the other limits are.</summary>
    private const int ApMaxDetections = 100;

    private CocoEvaluationOptions Options { get; init; } = new();

    /// <summary>The twelve names in the customary order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"];

    /// <summary>The twelve numbers [12] in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<double> Values => [AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm, ARl];

    /// <summary>The twelve lines in the customary wording, each ended by a newline.</summary>
    public string ToText()
    {
        IReadOnlyList<int> limits = Options.MaxDetections;
        (string span, int last) = ($"{Options.IouThresholds[0]:0.00}:{Options.IouThresholds[^1]:0.00}", limits[2]);
        var text = new StringBuilder();
        Line(text, true, span, "all", limits[ApLimit(Options)], AP);
        Line(text, true, "0.50", "all", last, AP50);
        Line(text, true, "0.75", "all", last, AP75);
        Line(text, true, span, "small", last, APs);
        Line(text, true, span, "medium", last, APm);
        Line(text, true, span, "large", last, APl);
        Line(text, false, span, "all", limits[0], AR1);
        Line(text, false, span, "all", limits[1], AR10);
        Line(text, false, span, "all", last, AR100);
        Line(text, false, span, "small", last, ARs);
        Line(text, false, span, "medium", last, ARm);
        Line(text, false, span, "large", last, ARl);
        return text.ToString();
    }

    /// <summary>
    /// Reads the twelve numbers out of a result. AP counts 100 detections an image if that is one of the limits (else the third limit); the
    /// others but AR1 and AR10 count the third limit, also where it is not 100.
    /// </summary>
    internal static CocoSummary Of(CocoEvaluation e) => new(
        CocoMeans.Precision(e, "all", ApLimit(e.Options)),
        CocoMeans.Precision(e, "all", 2, iou: 0.5),
        CocoMeans.Precision(e, "all", 2, iou: 0.75),
        CocoMeans.Precision(e, "small", 2),
        CocoMeans.Precision(e, "medium", 2),
        CocoMeans.Precision(e, "large", 2),
        CocoMeans.Recall(e, "all", 0),
        CocoMeans.Recall(e, "all", 1),
        CocoMeans.Recall(e, "all", 2),
        CocoMeans.Recall(e, "small", 2),
        CocoMeans.Recall(e, "medium", 2),
        CocoMeans.Recall(e, "large", 2))
    {
        Options = e.Options,
    };

    private static int ApLimit(CocoEvaluationOptions options)
    {
        for (int m = 0; m < options.MaxDetections.Count; m++)
        {
            if (options.MaxDetections[m] == ApMaxDetections)
            {
                return m;
            }
        }

        return 2;
    }

    private static void Line(StringBuilder text, bool precision, string iou, string area, int limit, double value)
    {
        string title = precision ? "Average Precision  (AP)" : "Average Recall     (AR)";
        text.Append(CultureInfo.InvariantCulture, $" {title} @[ IoU={iou,-9} | area={area,6} | maxDets={limit,3} ] = {value:0.000}\n");
    }
}

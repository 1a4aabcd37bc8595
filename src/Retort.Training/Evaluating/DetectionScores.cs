using Retort.Core;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Dota;
using Retort.Evaluation.Voc;
using Retort.Recipes;

namespace Retort.Training.Evaluating;

/// <summary>
/// What detections scored, whatever the protocol. Numbers are in [0, 1]; COCO's are -1 where there was nothing to measure.
/// </summary>
public interface IDetectionScores
{
    /// <summary>All numbers by name, AP first; what a log line holds.</summary>
    IReadOnlyList<(string Name, double Value)> Numbers { get; }

    /// <summary>Those that a person wants to see at a glance.</summary>
    IReadOnlyList<(string Name, double Value)> Headline { get; }

    /// <summary>Mean over the IoU thresholds .50 to .95.</summary>
    double AP { get; }

    /// <summary>At IoU .50.</summary>
    double AP50 { get; }

    /// <summary>At IoU .75.</summary>
    double AP75 { get; }

    /// <summary>Writes all numbers, those of each class too, as JSON.</summary>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    void WriteJson(string path);
}

/// <summary>COCO's metrics.</summary>
/// <param name="Evaluation">All of them, also by class.</param>
public sealed record CocoScores(CocoEvaluation Evaluation) : IDetectionScores
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Numbers => [.. CocoSummary.Names.Zip(Evaluation.Summary.Values)];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Headline =>
        [("AP", AP), ("AP50", AP50), ("AP75", AP75), ("small", Evaluation.Summary.APs), ("medium", Evaluation.Summary.APm),
            ("large", Evaluation.Summary.APl), ("AR100", Evaluation.Summary.AR100)];

    /// <inheritdoc/>
    public double AP => Evaluation.Summary.AP;

    /// <inheritdoc/>
    public double AP50 => Evaluation.Summary.AP50;

    /// <inheritdoc/>
    public double AP75 => Evaluation.Summary.AP75;

    /// <inheritdoc/>
    public void WriteJson(string path) => Evaluation.WriteJson(path);
}

/// <summary>VOC's metrics.</summary>
/// <param name="Summary">All of them, also by class.</param>
public sealed record VocScores(VocSummary Summary) : IDetectionScores
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Numbers => [.. VocSummary.Names.Zip(Summary.Values)];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Headline =>
        [("AP", AP), ("AP50", AP50), ("AP75", AP75), ("AP90", Summary.At(90).MeanAP)];

    /// <inheritdoc/>
    public double AP => Summary.AP;

    /// <inheritdoc/>
    public double AP50 => Summary.AP50;

    /// <inheritdoc/>
    public double AP75 => Summary.AP75;

    /// <inheritdoc/>
    public void WriteJson(string path) => Summary.WriteJson(path);
}

/// <summary>From a protocol to its numbers.</summary>
public static class DetectionScores
{
    /// <summary>Measures detections against a ground truth.</summary>
    /// <param name="protocol">The definition of average precision.</param>
    /// <param name="truth">The images, classes and objects.</param>
    /// <param name="detections">Detections of those images and classes.</param>
    /// <param name="coco">What COCO's protocol measures; null is the default.</param>
    /// <exception cref="RetortException">A detection is of an image or class that the ground truth does not have.</exception>
    public static IDetectionScores Measure(
        EvaluationProtocol protocol, CocoGroundTruth truth, CocoDetections detections, CocoEvaluationOptions? coco = null) => protocol
        switch
        {
            EvaluationProtocol.Coco => new CocoScores(CocoEvaluator.Evaluate(truth, detections, coco)),
            EvaluationProtocol.Voc07 => new VocScores(VocSummary.Measure(truth, detections, VocInterpolation.ElevenPoint)),
            EvaluationProtocol.Voc12 => new VocScores(VocSummary.Measure(truth, detections, VocInterpolation.Area)),
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "unknown protocol"),
        };

    /// <summary>Measures rotated detections against rotated objects.</summary>
    /// <param name="protocol">The definition of average precision; see <see cref="RotatedScores.OptionsOf"/>.</param>
    /// <param name="truth">The images, classes and objects.</param>
    /// <param name="detections">Detections of those images and classes.</param>
    public static RotatedScores Measure(EvaluationProtocol protocol, RotatedTruth truth, DotaDetections detections) =>
        new(DotaEvaluator.Evaluate(truth.Objects, detections, truth.ClassNames.Count, RotatedScores.OptionsOf(protocol)), truth.ClassNames);
}

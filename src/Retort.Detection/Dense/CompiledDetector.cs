using Retort.Core.Geometry;
using Retort.Torch;
using Retort.Torch.Compilation;

namespace Retort.Detection.Dense;

/// <summary>
/// A detector for predictions without gradient: evaluation, detection and the frozen teacher of a distillation. On the CPU it runs
/// compiled (see <see cref="CompiledNetwork"/>); elsewhere, and while gradients are recorded, it is the detector itself.
/// </summary>
public sealed class CompiledDetector : IDisposable
{
    private readonly DenseDetector _detector;
    private readonly bool _withFeatures;
    private readonly CompiledNetwork _network;

    /// <summary>Makes a runner; nothing is compiled yet.</summary>
    /// <param name="detector">The detector, in evaluation mode; it must outlive the runner.</param>
    /// <param name="withFeatures">Whether <see cref="DenseOutput.Features"/> are needed; otherwise they are empty, which is faster.</param>
    public CompiledDetector(DenseDetector detector, bool withFeatures = false)
    {
        (_detector, _withFeatures) = (detector, withFeatures);
        _network = new CompiledNetwork(images => Flatten(detector.Forward(images), withFeatures));
    }

    /// <summary>Why the detector cannot be compiled, or null.</summary>
    public string? Refusal => _network.Refusal;

    /// <summary>Predictions for normalised images [N, 3, H, W], float.</summary>
    public DenseOutput Forward(Tensor images)
    {
        var maps = new Queue<Tensor>(_network.Forward(images));
        HeadOutputs outputs = _detector.Head.Outputs;
        LevelOutput[] levels =
        [
            .. _detector.Neck.Maps.Select(_ => new LevelOutput(
                maps.Dequeue(), maps.Dequeue(), outputs.Centerness ? maps.Dequeue() : null, outputs.JointScores ? maps.Dequeue() : null)),
        ];
        return new DenseOutput(levels, _withFeatures ? [.. maps] : []);
    }

    /// <summary>Final detections in normalised images [N, 3, H, W].</summary>
    /// <param name="images">The batch.</param>
    /// <param name="placements">Where each image lies in the batch.</param>
    public IReadOnlyList<Detections> Detect(Tensor images, IReadOnlyList<ImagePlacement> placements) =>
        _detector.Detect(Forward(images), placements);

    /// <summary>Frees the compiled forms; the detector stays.</summary>
    public void Dispose() => _network.Dispose();

    // Level by level in the order of LevelOutput, then the features.
    private static List<Tensor> Flatten(DenseOutput output, bool withFeatures)
    {
        IEnumerable<Tensor?> maps = output.Levels.SelectMany(l => new[] { l.ClassLogits, l.BoxLogits, l.Centerness, l.JointScores });
        return [.. maps.OfType<Tensor>(), .. withFeatures ? output.Features : []];
    }
}

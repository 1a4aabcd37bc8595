using Retort.Torch;
using Retort.Torch.Compilation;

namespace Retort.Detection.Dense;

/// <summary>
/// A detector for predictions without gradient: evaluation, detection and the frozen teacher of a distillation. On the processor it runs
/// compiled (see <see cref="CompiledNetwork"/>); elsewhere, and while gradients are recorded, it is the detector itself.
/// </summary>
public sealed class CompiledDetector : IDisposable
{
    private readonly DenseDetector _detector;
    private readonly bool _withFeatures;
    private readonly CompiledNetwork _network;
    private int _levels;
    private bool _withCenterness;
    private bool _withJointScores;

    /// <summary>Makes a runner; nothing is compiled yet.</summary>
    /// <param name="detector">The detector, in evaluation mode; it must outlive the runner.</param>
    /// <param name="withFeatures">Whether <see cref="DenseOutput.Features"/> are wanted; they are empty otherwise, which is faster.</param>
    public CompiledDetector(DenseDetector detector, bool withFeatures = false)
    {
        (_detector, _withFeatures) = (detector, withFeatures);
        _network = new CompiledNetwork(Flatten);
    }

    /// <summary>Why the detector cannot be compiled, or null.</summary>
    public string? Refusal => _network.Refusal;

    /// <summary>Predictions for normalised images [N, 3, H, W], float.</summary>
    public DenseOutput Forward(Tensor images)
    {
        var maps = new Queue<Tensor>(_network.Forward(images));
        var levels = new LevelOutput[_levels];
        for (int k = 0; k < levels.Length; k++)
        {
            levels[k] = new LevelOutput(maps.Dequeue(), maps.Dequeue(), _withCenterness ? maps.Dequeue() : null, _withJointScores ? maps.Dequeue() : null);
        }

        return new DenseOutput(levels, [.. maps]);
    }

    /// <summary>Final detections in normalised images [N, 3, H, W].</summary>
    /// <param name="images">The batch.</param>
    /// <param name="sizes">See <see cref="IPostProcessor.Process"/>.</param>
    public IReadOnlyList<Detections> Detect(Tensor images, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)> sizes) =>
        _detector.PostProcessor.Process(Forward(images), sizes);

    /// <summary>Frees the compiled forms; the detector stays.</summary>
    public void Dispose() => _network.Dispose();

    private List<Tensor> Flatten(Tensor images)
    {
        DenseOutput output = _detector.Forward(images);
        _levels = output.Levels.Count;
        _withCenterness = output.Levels[0].Centerness is not null;
        _withJointScores = output.Levels[0].JointScores is not null;
        IEnumerable<Tensor?> maps = output.Levels.SelectMany(l => new[] { l.ClassLogits, l.BoxLogits, l.Centerness, l.JointScores });
        return [.. maps.OfType<Tensor>(), .. _withFeatures ? output.Features : []];
    }
}

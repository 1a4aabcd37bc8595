using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Dense;

/// <summary>What is known of a feature map before any image is seen.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Stride">Pixels of the network's input between neighbouring cells.</param>
public readonly record struct FeatureMap(int Channels, int Stride);

/// <summary>A network that maps an image batch to pyramid features: a backbone gives C2..C5, a neck turns them into P3..P7.</summary>
public abstract class FeatureExtractor : Module
{
    /// <summary>The maps that <see cref="Forward"/> gives, finest first.</summary>
    public abstract IReadOnlyList<FeatureMap> Maps { get; }

    /// <summary>Maps, finest first.</summary>
    /// <param name="inputs">The images [N, 3, H, W] for a backbone; the backbone's maps for a neck.</param>
    public abstract IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs);
}

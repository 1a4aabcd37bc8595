using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Layers;

/// <summary>A learnable factor of one pyramid level (Tian et al. 2019, FCOS). Parameter: <c>scale</c>, [].</summary>
public sealed class LevelScale : Layer
{
    private readonly Tensor _scale;

    /// <summary>Makes a factor of one.</summary>
    public LevelScale() => _scale = RegisterParameter("scale", Tensor.Ones([]));

    /// <summary>The input times the factor.</summary>
    public override Tensor Forward(Tensor input) => input * _scale;
}

namespace Retort.Torch.Modules;

/// <summary>max(x, 0); no parameters. For chains whose numbering counts it.</summary>
public sealed class Relu : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => input.Relu();
}

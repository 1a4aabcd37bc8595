namespace Retort.Torch.Modules;

/// <summary>Mean over windows; no parameters. A window of one pixel gives the input itself.</summary>
public sealed class AveragePool2d(int kernel, int stride, int padding = 0, bool ceilMode = false, bool countPadding = true) : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) =>
        kernel == 1 && stride == 1 ? input : Functional.AvgPool2d(input, kernel, stride, padding, ceilMode, countPadding);
}

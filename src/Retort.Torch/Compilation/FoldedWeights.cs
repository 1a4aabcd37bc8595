namespace Retort.Torch.Compilation;

/// <summary>Weights and biases of convolutions with the batch normalisation that follows folded in; made once for all shapes.</summary>
internal sealed class FoldedWeights : IDisposable
{
    private readonly Dictionary<(Tensor Weight, Tensor? Mean), (Tensor Weight, Tensor? Bias)> _folded = [];

    /// <summary>gain = weight / sqrt(variance + epsilon); weight * gain and (bias - mean) * gain + offset.</summary>
    public (Tensor Weight, Tensor? Bias) Of(GraphNode node)
    {
        var key = (node.Weight!, node.BatchNorm?.Mean);
        if (!_folded.TryGetValue(key, out var folded))
        {
            _folded[key] = folded = Fold(node);
        }

        return folded;
    }

    public void Dispose()
    {
        foreach ((Tensor weight, Tensor? bias) in _folded.Values)
        {
            weight.Dispose();
            bias?.Dispose();
        }
    }

    private static (Tensor Weight, Tensor? Bias) Fold(GraphNode node)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        Tensor weight = node.Weight!.Detach();
        if (node.BatchNorm is not { } norm)
        {
            return (weight.Detached(), node.Bias?.Detach().Detached());
        }

        Tensor gain = (norm.Variance.To(ScalarType.Float64) + norm.Epsilon).Sqrt().Reciprocal();
        gain = norm.Weight is null ? gain : gain * norm.Weight;
        Tensor shift = node.Bias is null ? -norm.Mean * gain : (node.Bias - norm.Mean) * gain;
        shift = norm.Bias is null ? shift : shift + norm.Bias;
        return ((weight * gain.Reshape(-1, 1, 1, 1)).To(ScalarType.Float32).Detached(), shift.To(ScalarType.Float32).Detached());
    }
}

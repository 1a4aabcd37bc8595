using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// The candidates of one pyramid level over a batch, on the host but for the box logits. Only the best priors are scored exactly, and only
/// those with a class above the threshold are to be decoded.
/// </summary>
/// <param name="Level">The level.</param>
/// <param name="Pairs">Row of <see cref="Priors"/> and class of each candidate in turn; [M, 2], rows ascending.</param>
/// <param name="Scores">Score of each candidate; [M].</param>
/// <param name="Images">Image of each row; [U].</param>
/// <param name="Priors">Prior of each row: cell * anchors + anchor; [U].</param>
/// <param name="BoxLogits">Box logits of each row; [U, D].</param>
internal sealed record LevelCandidates(PriorLevel Level, long[] Pairs, float[] Scores, long[] Images, long[] Priors, Tensor BoxLogits)
{
    private static readonly TorchOperator s_floorDivide = new("aten::floor_divide", "Scalar");
    private static readonly TorchOperator s_remainder = new("aten::remainder", "Scalar");
    private static readonly TorchOperator s_anyRow = new("aten::any", "dim");

    /// <summary>Finds the candidates; null where there are none.</summary>
    /// <param name="output">What the head predicted.</param>
    /// <param name="level">The level.</param>
    /// <param name="anchors">Priors of each cell.</param>
    /// <param name="backgroundChannel">Whether the last class channel is background.</param>
    /// <param name="options">Thresholds.</param>
    public static LevelCandidates? Find(
        LevelOutput output, PriorLevel level, long anchors, bool backgroundChannel, PostProcessingOptions options)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        long batch = output.ClassLogits.Size(0);
        Tensor classes = ByAnchor(output.ScoreMap, anchors);
        classes = backgroundChannel ? classes.Narrow(2, 0, classes.Size(2) - 1) : classes;
        Tensor? factors = output.Centerness is { } centerness ? ByAnchor(centerness, anchors).Sigmoid() : null;
        Tensor priors = BestPriors(classes, factors, output.ScoresAreProbabilities, options);
        Tensor images = Tensor.Arange(0, batch, device: priors.Device).Unsqueeze(1).Expand(-1, priors.Size(1)).Reshape(-1);
        priors = priors.Reshape(-1);
        Tensor scores = Rows(classes, images, priors, anchors);
        scores = output.ScoresAreProbabilities ? scores : scores.Sigmoid();
        Tensor passes = scores.Gt(options.ScoreThreshold);
        Tensor used = s_anyRow.Call(passes, 1, false).Nonzero().Squeeze(1);
        if (used.Count == 0)
        {
            return null;
        }

        (images, priors) = (images.IndexSelect(0, used), priors.IndexSelect(0, used));
        Tensor pairs = passes.IndexSelect(0, used).Nonzero();
        Tensor values = scores.IndexSelect(0, used).Index(pairs.Select(1, 0), pairs.Select(1, 1));
        if (factors is not null)
        {
            values = values * Rows(factors, images, priors, anchors).Squeeze(1).IndexSelect(0, pairs.Select(1, 0));
        }

        Tensor boxLogits = scope.Keep(Rows(ByAnchor(output.BoxLogits, anchors), images, priors, anchors));
        return new LevelCandidates(level, pairs.ToArray<long>(), values.ToArray<float>(), images.ToArray<long>(), priors.ToArray<long>(),
            boxLogits);
    }

    // [N, A*C, H, W] -> [N, A, C, H*W], a view.
    private static Tensor ByAnchor(Tensor map, long anchors) =>
        map.Reshape(map.Size(0), anchors, map.Size(1) / anchors, map.Size(2) * map.Size(3));

    // [N, k]: the priors with the best class score, best first; all in their order if there are no more than requested.
    private static Tensor BestPriors(Tensor classes, Tensor? factors, bool probabilities, PostProcessingOptions options)
    {
        (long batch, long count) = (classes.Size(0), classes.Size(1) * classes.Size(3));
        if (options.NmsPre <= 0 || count <= options.NmsPre)
        {
            return Tensor.Arange(0, count, device: classes.Device).Unsqueeze(0).Expand(batch, -1);
        }

        Tensor best = classes.Amax([2]);
        if (factors is not null)
        {
            best = (probabilities ? best : best.Sigmoid()) * factors.Squeeze(2);
        }

        return best.Transpose(1, 2).Reshape(batch, count).TopK(options.NmsPre, 1).Indices;
    }

    // [N, A, C, H*W] at images [K] and priors [K] -> [K, C].
    private static Tensor Rows(Tensor map, Tensor images, Tensor priors, long anchors)
    {
        Tensor cells = anchors == 1 ? priors : s_floorDivide.Call(priors, anchors);
        return map.Index(images, s_remainder.Call(priors, anchors), null, cells);
    }
}

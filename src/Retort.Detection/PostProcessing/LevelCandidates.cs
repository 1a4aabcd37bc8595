using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// The candidates of one pyramid level over a batch, on the host. Only the best priors are scored exactly, and only those with a
/// class above the threshold are decoded.
/// </summary>
/// <param name="Pairs">Row of <see cref="Priors"/> and class of each candidate in turn; [M, 2], rows ascending.</param>
/// <param name="Scores">Score of each candidate; [M].</param>
/// <param name="Images">Image of each row; [U].</param>
/// <param name="Priors">Prior of each row: cell * anchors + anchor; [U].</param>
/// <param name="Boxes">What the box logits of each row were read as; [U, E].</param>
internal sealed record LevelCandidates(long[] Pairs, float[] Scores, long[] Images, long[] Priors, float[] Boxes)
{
    private static readonly TorchOperator s_floorDivide = new("aten::floor_divide", "Scalar");
    private static readonly TorchOperator s_remainder = new("aten::remainder", "Scalar");
    private static readonly TorchOperator s_anyRow = new("aten::any", "dim");

    /// <summary>Finds the candidates; null where there are none.</summary>
    /// <param name="level">What the head predicted.</param>
    /// <param name="geometry">How the predictions lie on the image.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="read">From rows of box logits [U, D] and their priors [U] to the boxes' numbers [U, E].</param>
    public static LevelCandidates? Find(LevelOutput level, DistributionGeometry geometry, PostProcessingOptions options, Func<Tensor, Tensor, Tensor> read)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        (long batch, long anchors) = (level.ClassLogits.Size(0), geometry.AnchorsPerCell);
        Tensor classes = ByAnchor(level.ScoreMap, anchors);
        classes = geometry.BackgroundChannel ? classes.Narrow(2, 0, classes.Size(2) - 1) : classes;
        Tensor? factors = level.Centerness is { } centerness ? ByAnchor(centerness, anchors).Sigmoid() : null;
        Tensor priors = BestPriors(classes, factors, level.ScoresAreProbabilities, options);
        Tensor images = Tensor.Arange(0, batch, device: priors.Device).Unsqueeze(1).Expand(-1, priors.Size(1)).Reshape(-1);
        priors = priors.Reshape(-1);
        Tensor scores = Rows(classes, images, priors, anchors);
        scores = level.ScoresAreProbabilities ? scores : scores.Sigmoid();
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

        Tensor boxes = read(Rows(ByAnchor(level.BoxLogits, anchors), images, priors, anchors), priors);
        return new LevelCandidates(pairs.ToArray<long>(), values.ToArray<float>(), images.ToArray<long>(), priors.ToArray<long>(), boxes.ToArray<float>());
    }

    // [N, A*C, H, W] -> [N, A, C, H*W], a view.
    private static Tensor ByAnchor(Tensor map, long anchors) => map.Reshape(map.Size(0), anchors, map.Size(1) / anchors, map.Size(2) * map.Size(3));

    // [N, k]: the priors with the best class score, best first; all in their order where there are not more than asked for.
    private static Tensor BestPriors(Tensor classes, Tensor? factors, bool probabilities, PostProcessingOptions options)
    {
        (long batch, long count) = (classes.Size(0), classes.Size(1) * classes.Size(3));
        if (options.CandidatesPerLevel <= 0 || count <= options.CandidatesPerLevel)
        {
            return Tensor.Arange(0, count, device: classes.Device).Unsqueeze(0).Expand(batch, -1);
        }

        Tensor best = classes.Amax([2]);
        if (factors is not null)
        {
            best = (probabilities ? best : best.Sigmoid()) * factors.Squeeze(2);
        }

        return best.Transpose(1, 2).Reshape(batch, count).TopK(options.CandidatesPerLevel, 1).Indices;
    }

    // [N, A, C, H*W] at images [K] and priors [K] -> [K, C].
    private static Tensor Rows(Tensor map, Tensor images, Tensor priors, long anchors)
    {
        Tensor cells = anchors == 1 ? priors : s_floorDivide.Call(priors, anchors);
        return map.Index(images, s_remainder.Call(priors, anchors), null, cells);
    }
}

using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>What a dense head predicts on one pyramid level for a batch.</summary>
/// <param name="ClassLogits">[N, A*C, H, W], logits (GFLv2: joint scores in (0, 1)); A anchors a cell, anchor-major.</param>
/// <param name="BoxLogits">[N, A*E*(n+1), H, W], logits; anchor-major, then edge, then bin.</param>
/// <param name="Centerness">[N, A, H, W], logits, where the head predicts it.</param>
public sealed record LevelOutput(Tensor ClassLogits, Tensor BoxLogits, Tensor? Centerness = null)
{
    /// <summary>Rows of the map.</summary>
    public int Height => (int)ClassLogits.Size(2);

    /// <summary>Columns of the map.</summary>
    public int Width => (int)ClassLogits.Size(3);
}

/// <summary>
/// What a dense detector predicts for a batch: all that losses, distillation and decoding need. A head does not know which of them
/// reads it.
/// </summary>
/// <param name="Levels">One entry a pyramid level, finest first.</param>
/// <param name="Features">The neck's maps [N, D, H, W] that the head saw, finest first; for feature imitation.</param>
public sealed record DenseOutput(IReadOnlyList<LevelOutput> Levels, IReadOnlyList<Tensor> Features)
{
    /// <summary>Images of the batch.</summary>
    public int BatchSize => (int)Levels[0].ClassLogits.Size(0);
}

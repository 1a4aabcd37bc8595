using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>What a dense head predicts on one pyramid level for a batch.</summary>
/// <param name="ClassLogits">[N, A*C, H, W], logits; A anchors per cell, anchor-major. What classification is distilled from.</param>
/// <param name="BoxLogits">[N, A*E*(n+1), H, W], logits; anchor-major, then edge, then bin.</param>
/// <param name="Centerness">[N, A, H, W], logits, where the head predicts it.</param>
/// <param name="JointScores">[N, A*C, H, W], probabilities of class and box together, where the head predicts them (GFLv2); they are the
/// scores then.</param>
public sealed record LevelOutput(Tensor ClassLogits, Tensor BoxLogits, Tensor? Centerness = null, Tensor? JointScores = null)
{
    /// <summary>
    /// [N, A*C, H, W]: what the score of a class is made from, probabilities where <see cref="ScoresAreProbabilities"/>, else logits.
    /// </summary>
    public Tensor ScoreMap => JointScores ?? ClassLogits;

    /// <summary>Whether no sigmoid is to be taken of <see cref="ScoreMap"/>.</summary>
    public bool ScoresAreProbabilities => JointScores is not null;

    /// <summary>[N, A*C, H, W]: the probability of each class.</summary>
    public Tensor Scores => ScoresAreProbabilities ? ScoreMap : ScoreMap.Sigmoid();

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

    /// <summary>Whether no sigmoid is to be taken of the score maps; the same on every level.</summary>
    public bool ScoresAreProbabilities => Levels[0].ScoresAreProbabilities;

    /// <summary>Each level's <see cref="LevelOutput.ScoreMap"/>, finest first.</summary>
    public IReadOnlyList<Tensor> ScoreMaps => [.. Levels.Select(l => l.ScoreMap)];

    /// <summary>The best class score of each of some priors, a probability, without gradient, float [K].</summary>
    public Tensor BestScores(PriorSelection selection)
    {
        using var noGrad = new NoGradScope();
        Tensor best = selection.Gather(ScoreMaps).Amax([1]);
        return ScoresAreProbabilities ? best : best.Sigmoid();
    }
}

using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Dense;

/// <summary>What a head predicts on each level, known before any image is seen.</summary>
/// <param name="ClassChannels">Channels of <see cref="LevelOutput.ClassLogits"/>.</param>
/// <param name="BoxChannels">Channels of <see cref="LevelOutput.BoxLogits"/>.</param>
/// <param name="AnchorsPerCell">Priors of each cell, A.</param>
/// <param name="Centerness">Whether there is <see cref="LevelOutput.Centerness"/>.</param>
/// <param name="JointScores">Whether there are <see cref="LevelOutput.JointScores"/>.</param>
public sealed record HeadOutputs(
    int ClassChannels, int BoxChannels, int AnchorsPerCell = 1, bool Centerness = false, bool JointScores = false);

/// <summary>A head on shared towers that predicts classes and box edges on every level.</summary>
public abstract class DenseHead : Module
{
    /// <summary>What <see cref="Forward"/> predicts on each level.</summary>
    public abstract HeadOutputs Outputs { get; }

    /// <summary>Predictions on the neck's maps [N, D, H, W], finest first.</summary>
    public abstract DenseOutput Forward(IReadOnlyList<Tensor> features);
}

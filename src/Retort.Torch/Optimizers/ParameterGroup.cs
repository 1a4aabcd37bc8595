namespace Retort.Torch.Optimizers;

/// <summary>Parameters that share settings.</summary>
/// <param name="Parameters">The parameters; each may be in one group only.</param>
/// <param name="LearningRateFactor">Multiplies the optimizer's learning rate for this group; 1 by default, 2 for the biases of
/// FCOS.</param>
/// <param name="WeightDecay">Weight decay of this group; null takes the optimizer's.</param>
public sealed record ParameterGroup(IReadOnlyList<Tensor> Parameters, double LearningRateFactor = 1, double? WeightDecay = null);

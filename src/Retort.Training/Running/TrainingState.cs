namespace Retort.Training.Running;

/// <summary>How far a run has come: all that, beside the weights and the optimizer, decides what happens next.</summary>
/// <param name="Epoch">0-based epoch in progress, or the number of epochs when the run is complete.</param>
/// <param name="Batch">Batches of that epoch already trained on.</param>
/// <param name="Iteration">Steps made since the start of the run.</param>
/// <param name="BestMetric">Best value of the chosen metric so far, 0 to 1; null before the first evaluation.</param>
/// <param name="BestEpoch">1-based epoch after which it was reached.</param>
public sealed record TrainingState(int Epoch = 0, int Batch = 0, long Iteration = 0, double? BestMetric = null, int? BestEpoch = null);

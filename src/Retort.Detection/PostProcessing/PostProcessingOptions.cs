namespace Retort.Detection.PostProcessing;

/// <summary>What becomes of predictions at test time.</summary>
public sealed record PostProcessingOptions
{
    /// <summary>Candidates need a class score above this; 0 to 1.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>Priors of each level that are looked at, those with the best class score; 0 for all.</summary>
    public int CandidatesPerLevel { get; init; } = 1000;

    /// <summary>Detections of an image at most.</summary>
    public int MaxDetections { get; init; } = 100;

    /// <summary>How candidates of the same object are reduced to one.</summary>
    public ISuppression Suppression { get; init; } = new GreedyNms();
}

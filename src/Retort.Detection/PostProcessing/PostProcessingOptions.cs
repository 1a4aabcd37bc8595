using Retort.Core.Options;

namespace Retort.Detection.PostProcessing;

/// <summary>From the network's outputs to detections.</summary>
public sealed record PostProcessingOptions
{
    /// <summary>Boxes with a lower score are dropped.</summary>
    [Within(0, 1)]
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>How boxes of the same object are reduced to one.</summary>
    public ISuppression Nms { get; init; } = new GreedyNms();

    /// <summary>Boxes of each level that go into that, by score; 0 for all.</summary>
    [Within(0, 1_000_000)]
    public int NmsPre { get; init; } = 1000;

    /// <summary>Boxes of an image that remain, by score.</summary>
    [Within(1, 1_000_000)]
    public int MaxPerImage { get; init; } = 100;
}

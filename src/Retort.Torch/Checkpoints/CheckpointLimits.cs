namespace Retort.Torch.Checkpoints;

/// <summary>What a pickle may ask for at most; real checkpoints stay far below, bombs do not.</summary>
internal sealed record CheckpointLimits
{
    public static CheckpointLimits Default { get; } = new();

    /// <summary>Instructions of one pickle. A checkpoint with an optimizer takes about 100 a tensor.</summary>
    public int Instructions { get; init; } = 4_000_000;

    /// <summary>Bytes of all texts and bytes objects of one pickle together.</summary>
    public int TextBytes { get; init; } = 256 << 20;

    /// <summary>Containers within containers.</summary>
    public int Depth { get; init; } = 100;

    /// <summary>Values of the tree when everything that is shared is counted at each of its places.</summary>
    public int TreeValues { get; init; } = 8_000_000;
}

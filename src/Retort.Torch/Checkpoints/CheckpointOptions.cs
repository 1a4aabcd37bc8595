namespace Retort.Torch.Checkpoints;

/// <summary>How the state dict is found in a checkpoint.</summary>
public sealed record CheckpointOptions
{
    /// <summary>
    /// Keys from the root to the state dict, separated by <c>/</c>, such as <c>ema/module</c>.
    /// Null (the default) looks where it customarily lies: see <see cref="Checkpoint.StateDict"/>.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Prefixes taken off the names, one after the other; by default the one that PyTorch's data-parallel wrappers add.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = ["module."];
}

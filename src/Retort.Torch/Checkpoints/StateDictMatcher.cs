namespace Retort.Torch.Checkpoints;

/// <summary>What may differ between a network and a state dict that is loaded into it.</summary>
public sealed record StateDictMatchOptions
{
    /// <summary>Whether missing and unexpected names are errors. Default: true.</summary>
    public bool Strict { get; init; } = true;

    /// <summary>
    /// Whether tensors of another shape are passed over (a head with other classes) instead of being errors. Default: false.
    /// </summary>
    public bool SkipMismatched { get; init; }

    /// <summary>
    /// Names that may be missing always. Default: BatchNorm's batch counter, which files from before PyTorch 0.4.1 lack.
    /// </summary>
    public IReadOnlyList<string> OptionalSuffixes { get; init; } = [".num_batches_tracked"];
}

/// <summary>A tensor whose shape in the file is not the network's.</summary>
/// <param name="Name">Parameter name.</param>
/// <param name="Expected">Sizes in the network.</param>
/// <param name="Found">Sizes in the file.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<long> Expected, IReadOnlyList<long> Found)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Found)}], the network has [{string.Join(", ", Expected)}]";
}

/// <summary>Compares the names and shapes of a network with those of a state dict.</summary>
public static class StateDictMatcher
{
    /// <summary>Compares; the result keeps the network's order, then the file's.</summary>
    /// <param name="expected">Names and sizes of the network's parameters and buffers.</param>
    /// <param name="available">What the file has.</param>
    /// <param name="options">What may differ; null takes the defaults.</param>
    public static StateDictMatch Match(
        IEnumerable<(string Name, long[] Shape)> expected, StateDict available, StateDictMatchOptions? options = null)
    {
        options ??= new StateDictMatchOptions();
        var known = new HashSet<string>();
        List<string> matched = [], missing = [];
        List<ShapeMismatch> mismatched = [];
        foreach ((string name, long[] shape) in expected)
        {
            known.Add(name);
            if (!available.TryGetValue(name, out StoredTensor? tensor))
            {
                if (!options.OptionalSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
                {
                    missing.Add(name);
                }
            }
            else if (tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                matched.Add(name);
            }
            else
            {
                mismatched.Add(new ShapeMismatch(name, shape, tensor.Shape));
            }
        }

        return new StateDictMatch(options, available)
        {
            Matched = matched,
            Missing = missing,
            Unexpected = [.. available.Keys.Where(name => !known.Contains(name))],
            Mismatched = mismatched,
        };
    }
}

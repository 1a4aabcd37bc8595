using Retort.Fuzzing.Mutation;

namespace Retort.Fuzzing.Targets;

/// <summary>One reader with seeds for it.</summary>
public sealed record FuzzTarget
{
    /// <summary>Its name on the command line: letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    public required IMutator Mutator { get; init; }

    /// <summary>Inputs that the reader takes.</summary>
    public required IReadOnlyList<byte[]> Seeds { get; init; }

    /// <summary>More inputs to mutate, which the reader refuses as they are.</summary>
    public IReadOnlyList<byte[]> RejectedSeeds { get; init; } = [];

    /// <summary>Where an input is written, below a folder of the target's own.</summary>
    public required string File { get; init; }

    /// <summary>The files that stay the same, below the same folder.</summary>
    public IReadOnlyList<(string File, byte[] Content)> Others { get; init; } = [];

    /// <summary>Reads the input; gets the target's folder.</summary>
    public required Action<string> Read { get; init; }

    /// <summary>The input with an index, always the same: first the seeds as they are, then mutations of them.</summary>
    public byte[] Input(ulong seed, long index) => index < Seeds.Count ? Seeds[(int)index]
        : Mutated(FuzzRandom.ForInput(Name, seed, index));

    private byte[] Mutated(FuzzRandom random)
    {
        IReadOnlyList<byte[]> all = [.. Seeds, .. RejectedSeeds];
        return Mutator.Mutate(random.Pick(all), all, random);
    }
}

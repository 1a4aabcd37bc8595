namespace Retort.Fuzzing;

/// <summary>SplitMix64: equal seeds give equal inputs on every machine and runtime.</summary>
public sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The generator of one input, so that each can be made again by itself.</summary>
    public static FuzzRandom ForInput(string target, ulong seed, long index)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in target)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return new FuzzRandom(hash ^ (seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xD1342543DE82EF95));
    }

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below <paramref name="end"/>; 0 if that is 0.</summary>
    public int Below(int end) => end <= 0 ? 0 : (int)(Next() % (ulong)end);

    public bool Chance(int percent) => Below(100) < percent;

    public byte Byte() => (byte)Next();

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>1, 2, 4, ... with halving probability, at most 16: most inputs get few mutations.</summary>
    public int Mutations() => 1 << Math.Min(4, System.Numerics.BitOperations.TrailingZeroCount(Next() | 16));

    /// <summary>A length that is usually short and sometimes long.</summary>
    public int Length(int most) => Math.Min(most, 1 + Below(1 << (1 + Below(12))));
}

namespace Retort.Vision.Transforms;

/// <summary>
/// The random numbers of one sample in one epoch. They depend on (seed, epoch, index) only, so that augmentation is the same whatever
/// number of workers loads the data and wherever a run is resumed. The generator is SplitMix64 (Steele, Lea and Flood, 2014).
/// </summary>
public sealed class SampleRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Starts the sequence of a sample.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The sample's index in the data set; or a negative number for sequences that belong to no sample.</param>
    public SampleRandom(long seed, long epoch, long index) =>
        // Mixing after each part keeps neighbouring seeds, epochs and indices from giving shifted copies of one sequence.
        _state = Mix(Mix(Mix((ulong)seed + Gamma) + (ulong)epoch + Gamma) + (ulong)index + Gamma);

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64() => Mix(_state += Gamma);

    /// <summary>Uniform in [0, 1), with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public int NextInt(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, to);
        return (int)(from + (long)Math.BigMul(NextUInt64(), (ulong)((long)to - from), out _));
    }

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = NextInt(0, i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

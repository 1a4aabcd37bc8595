namespace Retort.Vision.Synthesis;

/// <summary>
/// A small generator of random numbers (SplitMix64; Steele, Lea and Flood, 2014) whose sequence is the same on every machine and for ever:
/// the drawn data sets are part of what people compare.
/// </summary>
internal sealed class SceneRandom
{
    private ulong _state;

    /// <summary>A generator for one picture: pictures with different numbers are independent of each other.</summary>
    public SceneRandom(int seed, int split, int index)
    {
        _state = (uint)seed;
        _state = Next() ^ (uint)split;
        _state = Next() ^ (uint)index;
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Unit() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [from, to).</summary>
    public float Range(float from, float to) => from + ((to - from) * Unit());

    /// <summary>A whole number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Whole(int from, int to) => from + (int)(Next() % (ulong)(to - from + 1));

    /// <summary>Uniform in the logarithm, in [from, to).</summary>
    public float LogRange(float from, float to) => from * MathF.Pow(to / from, Unit());

    /// <summary>True with the given probability.</summary>
    public bool Chance(float probability) => Unit() < probability;
}

using Retort.Detection.Priors;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Assigners;

/// <summary>
/// Compares what priors are given with the reference's. Where the last candidate of an object and the next prior are equally far from it,
/// which one is taken depends on the sort (<c>topk_boundary_tie</c>): of the priors that overlap such an object half may differ; all others
/// must not.
/// </summary>
internal sealed class TiedCandidates
{
    private readonly bool[] _loose;

    /// <param name="golden">The file's tensors.</param>
    /// <param name="name">The case, whose flags are [levels, objects]; one without objects has none.</param>
    /// <param name="grid">The priors.</param>
    /// <param name="boxes">The objects.</param>
    public TiedCandidates(IReadOnlyDictionary<string, StoredTensor> golden, string name, PriorGrid grid, float[] boxes)
    {
        _loose = new bool[grid.Count];
        bool[] flags = golden.TryGetValue($"{name}.topk_boundary_tie", out StoredTensor? stored) ? stored.As<bool>().ToArray() : [];
        int objects = boxes.Length / 4;
        foreach (int tied in flags.Index().Where(flag => flag.Item).Select(flag => flag.Index % objects).Distinct())
        {
            for (int k = 0; k < grid.Count; k++)
            {
                _loose[k] |= Overlap(grid.Boxes.Slice(4 * k, 4), boxes.AsSpan(4 * tied, 4));
            }
        }
    }

    /// <summary>Compares values of all priors in turn, <paramref name="width"/> of each.</summary>
    public void Check(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int width = 1)
    {
        Assert.Equal(_loose.Length * width, expected.Length);
        Assert.Equal(expected.Length, actual.Length);
        int differing = 0;
        for (int k = 0; k < _loose.Length; k++)
        {
            bool same = Same(expected.Slice(k * width, width), actual.Slice(k * width, width));
            Assert.True(same || _loose[k], $"prior {k}: expected {expected[k * width]:R}, got {actual[k * width]:R}");
            differing += same ? 0 : 1;
        }

        Assert.True(2 * differing <= _loose.Count(loose => loose), $"{differing} priors differ");
    }

    private static bool Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            if (!(Math.Abs(expected[k] - actual[k]) <= 1e-6 + (1e-5 * Math.Abs(expected[k]))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Overlap(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

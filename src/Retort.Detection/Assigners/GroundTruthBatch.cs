using Retort.Detection.Dense;

namespace Retort.Detection.Assigners;

/// <summary>The ground truth of a batch, joined for the kernels.</summary>
internal sealed class GroundTruthBatch
{
    /// <param name="targets">Each image's objects.</param>
    /// <param name="rotated">Whether rotated boxes are to be predicted; every image must have them then.</param>
    public GroundTruthBatch(IReadOnlyList<ImageTargets> targets, bool rotated = false)
    {
        Images = targets.Count;
        Pads = [.. targets.SelectMany(t => new long[] { t.PadHeight, t.PadWidth })];
        Sizes = [.. targets.SelectMany(t => new long[] { t.Height, t.Width })];
        Boxes = [.. targets.SelectMany(t => t.Boxes)];
        RotatedBoxes = rotated ? [.. targets.SelectMany(t => t.RotatedBoxes!)] : null;
        Labels = [.. targets.SelectMany(t => t.Labels)];
        Offsets = Sums(targets.Select(t => t.Count));
        IgnoredBoxes = [.. targets.SelectMany(t => t.IgnoredBoxes)];
        IgnoredOffsets = Sums(targets.Select(t => t.IgnoredBoxes.Length / 4));
    }

    public int Images { get; }

    /// <summary>Height and width of each padded image.</summary>
    public long[] Pads { get; }

    /// <summary>Height and width of each image proper.</summary>
    public long[] Sizes { get; }

    /// <summary>x1, y1, x2, y2 of all objects.</summary>
    public float[] Boxes { get; }

    /// <summary>Centre x, y, width, height, angle of all objects, where the detector's boxes are rotated.</summary>
    public float[]? RotatedBoxes { get; }

    /// <summary>E, the numbers of a box that a detector is to predict: 4, or 5 for rotated boxes.</summary>
    public int Edges => RotatedBoxes is null ? 4 : 5;

    public int[] Labels { get; }

    /// <summary>Where each image's objects begin; one more at the end.</summary>
    public long[] Offsets { get; }

    /// <summary>x1, y1, x2, y2 of what is neither object nor background.</summary>
    public float[] IgnoredBoxes { get; }

    /// <summary>Where each image's ignored boxes begin; one more at the end.</summary>
    public long[] IgnoredOffsets { get; }

    /// <summary>What a detector is to predict for an object.</summary>
    public ReadOnlySpan<float> Target(int index) => (RotatedBoxes ?? Boxes).AsSpan(Edges * index, Edges);

    private static long[] Sums(IEnumerable<int> counts)
    {
        List<long> sums = [0];
        foreach (int count in counts)
        {
            sums.Add(sums[^1] + count);
        }

        return [.. sums];
    }
}

using Retort.Detection.Dense;

namespace Retort.Detection.Assigners;

/// <summary>The ground truth of a batch, joined for the kernels.</summary>
internal sealed class BatchTruth
{
    public BatchTruth(IReadOnlyList<ImageTargets> targets)
    {
        Images = targets.Count;
        Pads = [.. targets.SelectMany(t => new long[] { t.PadHeight, t.PadWidth })];
        Boxes = [.. targets.SelectMany(t => t.Boxes)];
        Labels = [.. targets.SelectMany(t => t.Labels)];
        Offsets = new long[Images + 1];
        for (int n = 0; n < Images; n++)
        {
            Offsets[n + 1] = Offsets[n] + targets[n].Count;
        }
    }

    public int Images { get; }

    /// <summary>Height and width of each padded image.</summary>
    public long[] Pads { get; }

    /// <summary>x1, y1, x2, y2 of all objects.</summary>
    public float[] Boxes { get; }

    public int[] Labels { get; }

    /// <summary>Where each image's objects begin; one more at the end.</summary>
    public long[] Offsets { get; }
}

using Retort.Core.Geometry;
using Retort.Detection.Dense;

namespace Retort.Detection.Assigners;

/// <summary>The ground truth of a batch, joined for the kernels.</summary>
internal sealed class GroundTruthBatch
{
    /// <param name="targets">Each image's objects.</param>
    /// <param name="form">The form of the boxes that are to be predicted; every image must have them in it.</param>
    public GroundTruthBatch(IReadOnlyList<ImageTargets> targets, BoxForm form = BoxForm.Upright)
    {
        Images = targets.Count;
        Targets = Boxes.Join(form, [.. targets.Select(t => t.In(form))]);
        Pads = [.. targets.SelectMany(t => new long[] { t.PadHeight, t.PadWidth })];
        Sizes = [.. targets.SelectMany(t => new long[] { t.Height, t.Width })];
        Rotated = form == BoxForm.Rotated ? Targets.ToArray() : null;
        Upright = form == BoxForm.Upright ? Targets : Boxes.Join(BoxForm.Upright, [.. targets.Select(t => t.Boxes)]);
        Labels = [.. targets.SelectMany(t => t.Labels)];
        Offsets = Sums(targets.Select(t => t.Count));
        Ignored = Boxes.Join(BoxForm.Upright, [.. targets.Select(t => t.IgnoredBoxes)]);
        IgnoredOffsets = Sums(targets.Select(t => t.IgnoredBoxes.Count));
    }

    public int Images { get; }

    /// <summary>Height and width of each padded image.</summary>
    public long[] Pads { get; }

    /// <summary>Height and width of each image proper.</summary>
    public long[] Sizes { get; }

    /// <summary>The boxes of all objects that a detector is to predict.</summary>
    public Boxes Targets { get; }

    /// <summary>The numbers of <see cref="Targets"/> where these are rotated, otherwise null.</summary>
    public float[]? Rotated { get; }

    /// <summary>The upright boxes of all objects, which priors are assigned by.</summary>
    public Boxes Upright { get; }

    public int[] Labels { get; }

    /// <summary>Where each image's objects begin; one more at the end.</summary>
    public long[] Offsets { get; }

    /// <summary>Upright boxes of what is neither object nor background.</summary>
    public Boxes Ignored { get; }

    /// <summary>Where each image's ignored boxes begin; one more at the end.</summary>
    public long[] IgnoredOffsets { get; }

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

using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>From what assignment kernels give to the tensors of a <see cref="BatchAssignment"/>; the same for every assigner.</summary>
internal static class AssignmentTensors
{
    /// <summary>Targets of the positives, gathered on the host and sent in two transfers.</summary>
    /// <param name="grid">The priors.</param>
    /// <param name="truth">The objects.</param>
    /// <param name="selection">The positives.</param>
    /// <param name="positions">Their positions in a level-major map.</param>
    /// <param name="owner">Level-major map of the object (of the batch) that each prior has.</param>
    /// <param name="device">The device of the tensors.</param>
    public static PositiveTargets Positives(
        PriorGrid grid, GroundTruthBatch truth, PriorSelection selection, long[] positions, int[] owner, Device device)
    {
        int edges = truth.Targets.Form.Numbers(), width = edges + 5;
        var numbers = new float[width * positions.Length];
        var labels = new long[positions.Length];
        int next = 0;
        foreach ((_, PriorLevel level, int prior) in Locate(grid, truth.Images, selection, positions))
        {
            int objectIndex = owner[positions[next]];
            Span<float> row = numbers.AsSpan(width * next, width);
            truth.Targets[objectIndex].CopyTo(row);
            grid.Boxes.Slice(4 * prior, 4).CopyTo(row[edges..]);
            row[^1] = level.Stride;
            labels[next++] = truth.Labels[objectIndex];
        }

        Tensor columns = Tensor.From(numbers, positions.Length, width).To(device);
        return new PositiveTargets(
            selection,
            Tensor.From(labels, labels.Length).To(device),
            columns.Narrow(1, 0, edges),
            columns.Narrow(1, edges, 4),
            columns.Narrow(1, width - 1, 1));
    }

    /// <summary>A level-major map as one tensor a level, float [N, P].</summary>
    public static Tensor[] Levels(PriorGrid grid, int images, float[] values, Device device)
    {
        Tensor all = Tensor.From(values, values.Length).To(device);
        return [.. grid.Levels.Select(l => all.Narrow(0, (long)images * l.Start, (long)images * l.Count).Reshape(images, l.Count))];
    }

    /// <summary>One for every prior, as one tensor a level, float [N, P].</summary>
    public static Tensor[] Ones(PriorGrid grid, int images, Device device) =>
        [.. grid.Levels.Select(l => Tensor.Ones([images, l.Count], device: device))];

    /// <summary>Sum over the images of max(positives, 1).</summary>
    public static double Normalizer(PriorGrid grid, GroundTruthBatch truth, PriorSelection selection, long[] positions)
    {
        var perImage = new int[truth.Images];
        foreach ((int image, _, _) in Locate(grid, truth.Images, selection, positions))
        {
            perImage[image]++;
        }

        return perImage.Sum(n => Math.Max(n, 1));
    }

    private static IEnumerable<(int Image, PriorLevel Level, int Prior)> Locate(
        PriorGrid grid, int images, PriorSelection selection, long[] positions)
    {
        int next = 0;
        for (int l = 0; l < grid.Levels.Count; l++)
        {
            PriorLevel level = grid.Levels[l];
            for (int end = next + selection.LevelCounts[l]; next < end; next++)
            {
                int within = (int)(positions[next] - ((long)images * level.Start));
                yield return (within / level.Count, level, level.Start + (within % level.Count));
            }
        }
    }
}

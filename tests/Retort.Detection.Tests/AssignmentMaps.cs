using Retort.Detection.Dense;
using Retort.Detection.Priors;

namespace Retort.Detection.Tests;

/// <summary>Selected priors spread over all priors, as golden files have them.</summary>
public static class AssignmentMaps
{
    /// <summary>A row of values for each prior of each level: [N * P * width] in the order image, row, column, anchor.</summary>
    /// <param name="grid">The priors.</param>
    /// <param name="images">N.</param>
    /// <param name="selection">Which priors the values belong to.</param>
    /// <param name="values">[K * width].</param>
    /// <param name="elsewhere">What the other priors have.</param>
    /// <param name="width">Values of a prior.</param>
    public static T[][] Spread<T>(PriorGrid grid, int images, PriorSelection selection, T[] values, T elsewhere, int width = 1)
    {
        (long[] c, int count) = (selection.Coordinates.ToArray<long>(), selection.Count);
        var levels = new T[grid.Levels.Count][];
        int next = 0;
        for (int l = 0; l < levels.Length; l++)
        {
            PriorLevel level = grid.Levels[l];
            levels[l] = new T[images * level.Count * width];
            Array.Fill(levels[l], elsewhere);
            for (int end = next + selection.LevelCounts[l]; next < end; next++)
            {
                long cell = (c[(2 * count) + next] * level.Width) + c[(3 * count) + next];
                long prior = (c[next] * level.Count) + (cell * grid.PerCell) + c[count + next];
                Array.Copy(values, next * width, levels[l], prior * width, width);
            }
        }

        return levels;
    }

    /// <summary>The same for one image, with all levels in turn.</summary>
    public static T[] OneImage<T>(PriorGrid grid, PriorSelection selection, T[] values, T elsewhere, int width = 1) =>
        [.. Spread(grid, 1, selection, values, elsewhere, width).SelectMany(level => level)];

    /// <summary>The selection's own weights, zero elsewhere.</summary>
    public static float[] Weights(PriorGrid grid, PriorSelection selection) =>
        OneImage(grid, selection, selection.Weight.ToArray<float>(), 0f);
}

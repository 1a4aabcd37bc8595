using Retort.Detection.Kernels;
using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>
/// Some priors of a batch, K over all levels and images: the form in which positives and regions travel. Ordered by level, image, row,
/// column, anchor. It is made on the host, so that selecting from predictions never waits for the device.
/// </summary>
public sealed class PriorSelection
{
    private readonly Tensor?[][] _indices;
    private readonly Func<PriorSelection>? _makeCells;
    private PriorSelection? _cells;

    /// <summary>Wraps coordinates of priors.</summary>
    /// <param name="coordinates">Image, anchor, row and column of each prior, int64 [4, K].</param>
    /// <param name="weight">The region's own value of each prior, float [K].</param>
    /// <param name="levelCounts">How many of the K are on each level, finest first.</param>
    /// <param name="perCell">Priors per cell, A.</param>
    /// <param name="cells">Makes <see cref="Cells"/>; needed with several priors per cell.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public PriorSelection(Tensor coordinates, Tensor weight, IReadOnlyList<int> levelCounts, int perCell,
        Func<PriorSelection>? cells = null)
    {
        Count = levelCounts.Sum();
        if (coordinates.Dim != 2 || coordinates.Size(0) != 4 || coordinates.Size(1) != Count || weight.Count != Count)
        {
            throw new ArgumentException(
                $"{Count} priors need coordinates [4, {Count}] and weights [{Count}], got {coordinates} and {weight}");
        }

        (Coordinates, Weight, LevelCounts, PerCell) = (coordinates, weight, levelCounts, perCell);
        (_indices, _makeCells) = (new Tensor?[levelCounts.Count][], cells);
    }

    /// <summary>Image, anchor, row and column of each prior, int64 [4, K].</summary>
    public Tensor Coordinates { get; }

    /// <summary>
    /// The region's own value of each prior, above zero, float [K]: the IoU of prior and object where the region is made of it, else one.
    /// </summary>
    public Tensor Weight { get; }

    /// <summary>How many of the K priors are on each level.</summary>
    public IReadOnlyList<int> LevelCounts { get; }

    /// <summary>Priors per cell, A.</summary>
    public int PerCell { get; }

    /// <summary>K.</summary>
    public int Count { get; }

    /// <summary>
    /// The cells of these priors, each once, as priors of a grid with one per cell; the weight is the largest of the cell's. What lies in
    /// maps without anchors, such as features, is selected by it.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are several priors per cell, and nothing that makes cells of them.</exception>
    public PriorSelection Cells =>
        PerCell == 1 ? this : _cells ??= (_makeCells ?? throw new InvalidOperationException("this selection was made without its cells"))();

    /// <summary>
    /// The selected priors' rows of a map that a head predicted, float [K, D]; gradients flow back into the maps. Every level takes part in
    /// the graph, also one without selected priors.
    /// </summary>
    /// <param name="maps">[N, A*D, H, W] for each level, anchor-major.</param>
    public Tensor Gather(IReadOnlyList<Tensor> maps)
    {
        var rows = new Tensor[maps.Count];
        for (int l = 0; l < rows.Length; l++)
        {
            rows[l] = LevelCounts[l] == 0 ? NoRows(maps[l]) : LevelRows(l, maps[l]);
        }

        return Tensor.Cat(rows);
    }

    /// <summary>The mean of values over the selected priors of each level, summed over the levels that have some, float [].</summary>
    /// <param name="values">Float [K].</param>
    /// <param name="counts">Whether a level takes part; null: all do.</param>
    public Tensor SumOfLevelMeans(Tensor values, Func<int, bool>? counts = null)
    {
        // The empty sum keeps the values in the graph, also where no level takes part.
        Tensor sum = values.Narrow(0, 0, 0).Sum();
        int start = 0;
        for (int l = 0; l < LevelCounts.Count; l++)
        {
            if (LevelCounts[l] > 0 && (counts is null || counts(l)))
            {
                sum += values.Narrow(0, start, LevelCounts[l]).Mean();
            }

            start += LevelCounts[l];
        }

        return sum;
    }

    private Tensor NoRows(Tensor map) => map.Narrow(0, 0, 0).Reshape(0, map.Size(1) / PerCell);

    private Tensor LevelRows(int level, Tensor map)
    {
        if (FusedOperators.IsSupported(map) && Coordinates.Device == map.Device)
        {
            return FusedOperators.GatherCells(map, LevelCoordinates(level), PerCell);
        }

        long[] shape = map.Shape;
        Tensor cells = PerCell == 1 ? map : map.Reshape(shape[0], PerCell, shape[1] / PerCell, shape[2], shape[3]);
        return cells.Index(Indices(level));
    }

    private Tensor LevelCoordinates(int level) => Coordinates.Narrow(1, LevelCounts.Take(level).Sum(), LevelCounts[level]);

    private Tensor?[] Indices(int level)
    {
        if (_indices[level] is { } known)
        {
            return known;
        }

        Tensor[] part = LevelCoordinates(level).Unbind();
        return _indices[level] = PerCell == 1 ? [part[0], null, part[2], part[3]] : [part[0], part[1], null, part[2], part[3]];
    }
}

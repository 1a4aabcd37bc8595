using Retort.Torch;

namespace Retort.Detection.Priors;

/// <summary>One level of a <see cref="PriorGrid"/>.</summary>
/// <param name="Height">Rows of the level's map.</param>
/// <param name="Width">Columns of the level's map.</param>
/// <param name="Stride">Pixels between neighbouring cells.</param>
/// <param name="Start">Index of the level's first prior within the grid.</param>
/// <param name="Count">Priors of the level: rows * columns * priors per cell.</param>
public readonly record struct PriorLevel(int Height, int Width, int Stride, int Start, int Count);

/// <summary>
/// The priors of a pyramid for one size of input: finest level first, within a level by row, column and anchor. A point is a box without
/// extent. Lies in managed memory, because assignment works there; <see cref="ToTensor"/> copies it to a device.
/// </summary>
public sealed class PriorGrid
{
    private readonly float[] _boxes;

    /// <summary>Wraps boxes that a generator laid out.</summary>
    /// <param name="boxes">x1, y1, x2, y2 of each prior in turn, pixels of the network's input; it is not copied.</param>
    /// <param name="levels">Where each level's priors stand in it.</param>
    /// <param name="perCell">Priors per cell, the same on every level.</param>
    /// <exception cref="ArgumentException">The levels do not cover the boxes exactly.</exception>
    public PriorGrid(float[] boxes, IReadOnlyList<PriorLevel> levels, int perCell)
    {
        int total = levels.Sum(l => l.Count);
        if (boxes.Length != 4 * total || levels.Any(l => l.Count != l.Height * l.Width * perCell))
        {
            throw new ArgumentException($"the levels have {total} priors, {perCell} per cell, but there are {boxes.Length / 4} boxes");
        }

        (_boxes, Levels, PerCell) = (boxes, levels, perCell);
    }

    /// <summary>The levels, finest first.</summary>
    public IReadOnlyList<PriorLevel> Levels { get; }

    /// <summary>Priors per cell.</summary>
    public int PerCell { get; }

    /// <summary>
    /// Pixels that a prior may reach out of its image (at the right and below: not quite) to be assigned and trained, at least 0; null: any
    /// number, so that only the padded area counts.
    /// </summary>
    public double? AllowedBorder { get; init; }

    /// <summary>Priors of all levels.</summary>
    public int Count => _boxes.Length / 4;

    /// <summary>x1, y1, x2, y2 of each prior in turn, pixels; length 4*P.</summary>
    public ReadOnlySpan<float> Boxes => _boxes;

    /// <summary>A copy of one level's priors, float [P, 4], pixels.</summary>
    public Tensor ToTensor(int level, Device device)
    {
        PriorLevel range = Levels[level];
        using var scope = new TensorScope();
        return scope.Keep(Tensor.From(Boxes.Slice(4 * range.Start, 4 * range.Count), range.Count, 4).To(device));
    }
}

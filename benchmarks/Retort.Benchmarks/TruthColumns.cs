using Retort.Core.Geometry;

namespace Retort.Benchmarks;

/// <summary>The objects of the workload, a column a field.</summary>
internal sealed class TruthColumns(int count)
{
    private readonly double[] _boxes = new double[4 * count];

    public int Count => count;

    public int[] ImageIds { get; } = new int[count];

    public int[] CategoryIds { get; } = new int[count];

    public bool[] Crowd { get; } = new bool[count];

    public ReadOnlySpan<double> Box(int index) => _boxes.AsSpan(4 * index, 4);

    public void Set(int index, int image, int category, double[] box, bool crowd)
    {
        (ImageIds[index], CategoryIds[index], Crowd[index]) = (image, category, crowd);
        box.CopyTo(_boxes, 4 * index);
    }
}

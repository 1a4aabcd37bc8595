using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Distillation.Tests;

/// <summary>
/// Imitation of features where a cell has several anchors: each cell counts once, however many of its anchors are in the region.
/// </summary>
public class SeveralAnchorsTests : TensorTest
{
    private static readonly MaxIouAssigner s_assigner = new(PriorGenerator.Anchors([8, 16], 2, 3, [0.5, 1, 2]), new MaxIouOptions());

    public static TheoryData<Region> Regions => [.. Enum.GetValues<Region>()];

    [Theory]
    [MemberData(nameof(Regions))]
    public void Each_cell_of_a_region_is_imitated_once(Region region)
    {
        BatchAssignment assignment = Assign();
        (DenseOutput student, DenseOutput teacher) = (Output(1), Output(2));
        PriorSelection priors = new RegionSelector(student, teacher, assignment).Select(region, new ValuableRegionOptions());
        Dictionary<string, float> expected = Read(priors).GroupBy(p => p.Cell).ToDictionary(g => g.Key, g => g.Max(p => p.Weight));
        (string Cell, float Weight)[] cells = Read(priors.Cells);
        Assert.NotEmpty(cells);
        Assert.Equal(expected.Keys, cells.Select(c => c.Cell));
        Assert.All(cells, c => Assert.Equal(expected[c.Cell], c.Weight));
        Assert.Equal(1, priors.Cells.PerCell);
        DistillationTerm term = Terms.Imitation(region, 1) with { Normalisation = Normalisation.PerPositive };
        Assert.True(new Distiller([term]).Compute(student, teacher, assignment)[0].Value.Item() > 0);
    }

    [Fact]
    public void Everywhere_is_the_mean_over_the_whole_maps()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(3), Output(4));
        DistillationTerm term = Terms.Imitation(Region.Everywhere, 1) with { Normalisation = Normalisation.PerPositive };
        Tensor squares = Tensor.Cat([.. student.Features.Zip(teacher.Features, (s, t) => (s - t).Square().Reshape(-1))]);
        Assert.Equal(squares.Mean().Item(), new Distiller([term]).Compute(student, teacher, Assign())[0].Value.Item(), 4);
    }

    private static (string Cell, float Weight)[] Read(PriorSelection selection)
    {
        long[] c = selection.Coordinates.ToArray<long>();
        float[] weights = selection.Weight.ToArray<float>();
        int n = selection.Count;
        return [.. selection.LevelCounts.SelectMany((count, level) => Enumerable.Repeat(level, count))
            .Select((level, k) => ($"level {level} image {c[k]} row {c[(2 * n) + k]} column {c[(3 * n) + k]}", weights[k]))];
    }

    private static BatchAssignment Assign() => s_assigner.Assign([(6, 8), (3, 4)], SmallBatch.Images(2), TestDevice.Current);

    private static DenseOutput Output(long seed)
    {
        DenseOutput narrow = SmallBatch.Output(2, seed, classes: 9 * 3, bins: 9 * 9);
        return narrow with { Features = SmallBatch.Output(2, seed + 100).Features };
    }
}

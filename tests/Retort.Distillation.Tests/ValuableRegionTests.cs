using CsCheck;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using static Retort.Distillation.Tests.SmallBatch;

namespace Retort.Distillation.Tests;

/// <summary>
/// The valuable localization region as its gamma goes from 1 to 0 (Zheng et al., Localization Distillation, Algorithm 1, Table 1c).
/// </summary>
public class ValuableRegionTests : TensorTest
{
    private static readonly Gen<RegionOverlap> s_overlap = Gen.Bool.Select(diou => diou ? RegionOverlap.Diou : RegionOverlap.Reference);

    [Fact]
    public void Gamma_one_is_the_empty_region() => Gen.Select(Objects(), s_overlap, Gen.Bool).Sample(
        (objects, overlap, exclude) =>
            Assert.Empty(Region(objects, new() { Gamma = 1, Overlap = overlap, ExcludePositives = exclude })), iter: 40, threads: 1);

    [Fact]
    public void The_region_grows_as_gamma_falls() => Gen.Select(Objects(), s_overlap, Gen.Double[0, 1], Gen.Double[0, 1]).Sample(
        (objects, overlap, a, b) =>
        {
            HashSet<long> wide = Region(objects, new() { Gamma = Math.Min(a, b), Overlap = overlap });
            Assert.Superset(Region(objects, new() { Gamma = Math.Max(a, b), Overlap = overlap }), wide);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void The_papers_region_has_no_positives_and_otherwise_the_published_codes_cells() =>
        Gen.Select(Objects(), s_overlap, Gen.Double[0, 1]).Sample(
        (objects, overlap, gamma) =>
        {
            BatchAssignment assignment = Assign(objects);
            HashSet<long> positives = Keys(assignment.Positives.Selection);
            HashSet<long> published = Region(objects, new() { Gamma = gamma, Overlap = overlap });
            HashSet<long> disjoint = Region(objects, new() { Gamma = gamma, Overlap = overlap, ExcludePositives = true });
            Assert.Empty(disjoint.Intersect(positives));
            Assert.Equal(published.Except(positives).Order(), disjoint.Order());
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void Gamma_zero_reaches_beyond_the_published_quarter() =>
        Assert.True(Region(Images(1), new() { Gamma = 0 }).Count > Region(Images(1), new() { Gamma = 0.25 }).Count);

    private static HashSet<long> Region(ImageTargets[] images, ValuableRegionOptions options) =>
        Keys(Assign(images).Regions.ValuableLocalization(options));

    // Image, row, column and level as one number.
    private static HashSet<long> Keys(PriorSelection selection)
    {
        long[] c = selection.Coordinates.ToArray<long>();
        int n = selection.Count;
        IEnumerable<int> levels = selection.LevelCounts.SelectMany((count, level) => Enumerable.Repeat(level, count));
        return [.. levels.Select((level, k) => (((((level * 100L) + c[k]) * 100) + c[(2 * n) + k]) * 100) + c[(3 * n) + k])];
    }

    private static Gen<ImageTargets[]> Objects()
    {
        Gen<float[]> box = Gen.Select(Gen.Int[0, 40], Gen.Int[0, 30], Gen.Int[6, 40], Gen.Int[6, 36])
            .Select((x, y, w, h) => (float[])[x, y, Math.Min(64, x + w), Math.Min(48, y + h)]);
        return box.Array[0, 4].Array[1, 2].Select(images => images.Select(
            boxes => new ImageTargets(48, 64, 48, 64, Boxes.Upright([.. boxes.SelectMany(b => b)]), new int[boxes.Length])).ToArray());
    }
}

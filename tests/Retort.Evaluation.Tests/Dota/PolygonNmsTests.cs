using CsCheck;
using Retort.Evaluation.Dota;

namespace Retort.Evaluation.Tests.Dota;

public class PolygonNmsTests
{
    [Fact]
    public void What_stays_is_what_comparing_every_pair_leaves() =>
        Gen.Select(Gen.Int[0, 120], Gen.Int[20, 400], Gen.Double[0, 0.8], Gen.Int[0, 10_000]).Sample((count, spread, threshold, seed) =>
    {
        var random = new Random(seed);
        double[] polygons = [.. Enumerable.Range(0, count).SelectMany(_ => Polygon(random, spread))];
        double[] scores = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(20))];
        int[] entries = [.. Enumerable.Range(0, count).Where(_ => random.Next(5) > 0)];
        var set = new PolygonSet(polygons);
        var expected = new List<int>();
        foreach (int entry in entries.OrderByDescending(e => scores[e]))
        {
            if (expected.All(kept => set.Overlap(entry, set, kept) <= threshold))
            {
                expected.Add(entry);
            }
        }

        Assert.Equal(expected, PolygonNms.Keep(set, scores, entries, threshold));
    }, iter: 60);

    // One in eight is as large as everything, one is a point.
    private static double[] Polygon(Random random, int spread)
    {
        (double x, double y) = (spread * random.NextDouble(), spread * random.NextDouble());
        double side = random.Next(8) switch { 0 => spread, 1 => 0, _ => 5 + (20 * random.NextDouble()) };
        return [x, y, x + side, y + (side / 3), x + (side / 2), y + side, x - (side / 2), y + (side / 2)];
    }
}

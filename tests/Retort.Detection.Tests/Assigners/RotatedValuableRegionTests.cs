using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Priors;
using Retort.Detection.Tests.Reference;

namespace Retort.Detection.Tests.Assigners;

/// <summary>The paper's region (Algorithm 1) of turned objects, against all anchors one by one in double precision.</summary>
public class RotatedValuableRegionTests : TensorTest
{
    private const int TopK = 9;
    private const double Gamma = 0.25;

    // Nearer to a bound than this the rounding of single precision decides.
    private const double Rounding = 1e-5;

    [Fact]
    public void Its_bounds_are_those_of_the_overlap_less_the_centre_term_among_the_nearest_anchors()
    {
        var priors = PriorGenerator.Anchors([8, 16], 3, 1, [1, 0.5, 2]);
        var random = new Random(11);
        (int below, int inside, int above) = (0, 0, 0);
        for (int scene = 0; scene < 30; scene++)
        {
            float[] objects = [.. Enumerable.Range(0, 3).SelectMany(_ => Object(random))];
            ImageTargets image = ImageTargets.Rotated(96, 128, 96, 128, Boxes.Rotated(objects), [0, 0, 0]);
            var options = new MaxIouOptions { Rotated = AngleConvention.Oc, TopK = TopK };
            BatchAssignment assignment = new MaxIouAssigner(priors, options).Assign([(12, 16), (6, 8)], [image], TestDevice.Current);
            float[] actual = AssignmentMaps.Weights(
                assignment.Priors, assignment.Regions.ValuableLocalization(new ValuableRegionOptions
                {
                    Overlap = RegionOverlap.Diou,
                    Gamma = Gamma
                }));
            Anchor[] anchors = [.. assignment.Priors.Boxes.ToArray().Chunk(4).Select(b => new Anchor(b))];
            (double Overlap, double Centred, double Threshold)[][] all =
                [.. Enumerable.Range(0, 3).Select(g => Measure(anchors, assignment.Priors, objects[(5 * g)..((5 * g) + 5)]))];
            for (int k = 0; k < anchors.Length; k++)
            {
                (double Overlap, double Centred, double Threshold)[] ofAnchor = [.. all.Select(o => o[k])];
                if (ofAnchor.Any(o => Math.Min(Math.Abs(o.Centred - o.Threshold), Math.Abs(o.Centred - (Gamma * o.Threshold))) < Rounding))
                {
                    continue;
                }

                double expected = ofAnchor.Where(o => o.Centred >= Gamma * o.Threshold && o.Centred < o.Threshold).Select(o => o.Overlap)
                    .DefaultIfEmpty(0).Max();
                Assert.Equal(expected, actual[k], 1e-5);
                below += ofAnchor.Count(o => o.Overlap > 0 && o.Centred < Gamma * o.Threshold);
                inside += expected > 0 ? 1 : 0;
                above += ofAnchor.Count(o => o.Centred >= o.Threshold);
            }
        }

        Assert.All([below, inside, above], count => Assert.True(count > 30, $"{below} below, {inside} inside, {above} above"));
    }

    private static float[] Object(Random random) =>
    [
        20 + (88 * random.NextSingle()), 20 + (56 * random.NextSingle()), 12 + (40 * random.NextSingle()), 8 + (20 * random.NextSingle()),
            0.1f + (1.4f * random.NextSingle()),
    ];

    // Of each anchor its overlap with an object, that less the squared distance of the centres over the squared diagonal of the common
    // hull, and the object's threshold.
    private static (double Overlap, double Centred, double Threshold)[] Measure(Anchor[] anchors, PriorGrid grid, float[] box)
    {
        double[] overlaps = [.. RotatedOverlaps.Pairwise([.. anchors.SelectMany(a => a.Rotated)], box).Select(o => (double)o)];
        double threshold = Threshold(anchors, grid, box, overlaps);
        Box hull = new RotatedBox(box[0], box[1], box[2], box[3], box[4]).Enclosing;
        return
        [
            .. anchors.Select((a, k) =>
            {
                double distance = Math.Pow(a.X - box[0], 2) + Math.Pow(a.Y - box[1], 2);
                double diagonal = Math.Pow(Math.Max(a.Right, hull.X2) - Math.Min(a.Left, hull.X1), 2)
                    + Math.Pow(Math.Max(a.Bottom, hull.Y2) - Math.Min(a.Top, hull.Y1), 2);
                return (overlaps[k], overlaps[k] - (distance / diagonal), threshold);
            }),
        ];
    }

    // Mean and unbiased deviation over the nine anchors of each level whose centres are nearest.
    private static double Threshold(Anchor[] anchors, PriorGrid grid, float[] box, double[] overlaps)
    {
        double[] candidates =
        [
            .. grid.Levels.SelectMany(level => Enumerable.Range(level.Start, level.Count)
                .OrderBy(k => Math.Pow(anchors[k].X - box[0], 2) + Math.Pow(anchors[k].Y - box[1], 2)).Take(TopK)).Select(k => overlaps[k]),
        ];
        double mean = candidates.Average();
        return mean + Math.Sqrt(candidates.Sum(c => Math.Pow(c - mean, 2)) / (candidates.Length - 1));
    }

    private sealed class Anchor(float[] box)
    {
        public double Left => box[0];

        public double Top => box[1];

        public double Right => box[2];

        public double Bottom => box[3];

        public double X => (Left + Right) / 2;

        public double Y => (Top + Bottom) / 2;

        public float[] Rotated => [(float)X, (float)Y, (float)(Right - Left), (float)(Bottom - Top), 0];
    }
}

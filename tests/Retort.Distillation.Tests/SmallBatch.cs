using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Distillation.Tests;

/// <summary>Drawn predictions on two small levels, and images with two objects.</summary>
internal static class SmallBatch
{
    private static readonly (int Height, int Width)[] s_levels = [(6, 8), (3, 4)];
    private static readonly PriorGenerator s_priors = PriorGenerator.Anchors([8, 16], octaveBaseScale: 4);
    private static readonly float[] s_objects = [10, 6, 40, 40, 30, 20, 62, 46];

    public static BatchAssignment Assign(ImageTargets[] images) => new AtssAssigner(s_priors).Assign(s_levels, images, TestDevice.Current);

    public static ImageTargets[] Images(int count) =>
        [.. Enumerable.Repeat(new ImageTargets(48, 64, 48, 64, Boxes.Upright(s_objects), [0, 2]), count)];

    /// <summary>Predictions that collect gradients.</summary>
    public static DenseOutput Output(int images, long seed, int classes = 3, int bins = 9, int features = 6)
    {
        Runtime.Seed(seed);
        Tensor Map(int channels, (int Height, int Width) size)
        {
            Tensor map = TestTensor.RandomNormal([images, channels, size.Height, size.Width]);
            map.RequiresGrad = true;
            return map;
        }

        return new DenseOutput([.. s_levels.Select(s => new LevelOutput(Map(classes, s), Map(4 * bins, s)))],
            [.. s_levels.Select(s => Map(features, s))]);
    }
}

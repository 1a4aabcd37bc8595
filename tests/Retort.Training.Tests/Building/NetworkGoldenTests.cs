using Retort.Detection.Detectors;
using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Training.Building;

namespace Retort.Training.Tests.Building;

/// <summary>Whole networks of the recipes with deterministic weights against the reference's maps.</summary>
[Trait("Category", Golden.Category)]
public class NetworkGoldenTests : LeakCheckedTest
{
    // The tolerance that the files support: sums to 1e-3 of the absolute sum; values as the round-off of float32 allows.
    private const double SumTolerance = 1e-3;
    private const double ValueTolerance = 2e-3;

    [Theory]
    [InlineData("gfl_r18")]
    [InlineData("gfl_r50")]
    [InlineData("gfl_r101")]
    [InlineData("gflv2_r50")]
    [InlineData("atss_gfl_r50")]
    [InlineData("gfl_x50_32x4d")]
    [InlineData("gfl_r2n50_26w_4s")]
    [InlineData("gfl_r2n101_26w_4s")]
    [InlineData("gfl_r50_dcnv1_c3c5")]
    [InlineData("gfl_r50_dcnv2_c3c5")]
    [InlineData("fcos_gfl_r50_caffe")]
    [InlineData("retina_gfl_r50")]
    public void Networks_give_the_reference_maps(string network)
    {
        SafetensorsFile golden = Golden.Read("net_" + network);
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using DenseDetector detector =
            DetectorBuilder.Build(GoldenRecipes.Load(network).Model, int.Parse(golden.Metadata["num_classes"])).OnTestDevice();
        DeterministicValues.Fill(detector);
        detector.Evaluate();
        IReadOnlyList<Tensor> maps = detector.Backbone.Forward([DeterministicValues.Image("input", InputShape(golden))]);
        IReadOnlyList<Tensor> pyramid = detector.Neck.Forward(maps);
        DenseOutput output = detector.Head.Forward(pyramid);
        for (int k = 0; k < maps.Count; k++)
        {
            Check(golden, $"backbone.C{k + 2}", maps[k]);
        }

        for (int k = 0; k < pyramid.Count; k++)
        {
            Check(golden, $"neck.P{k + 3}", pyramid[k]);
            LevelOutput level = output.Levels[k];
            Check(golden, $"head.{(level.ScoresAreProbabilities ? "cls_logit" : "cls")}.P{k + 3}", level.ClassLogits);
            Check(golden, $"head.reg.P{k + 3}", level.BoxLogits);
            CheckOptional(golden, $"head.ctr.P{k + 3}", level.Centerness);
            CheckOptional(golden, $"head.joint.P{k + 3}", level.JointScores);
        }
    }

    // "1x3x96x128, r("input",i)*1.5"
    private static long[] InputShape(SafetensorsFile golden) =>
        [.. golden.Metadata["input"].Split(',')[0].Split('x').Select(long.Parse)];

    // A head has a map exactly where the file has it.
    private static void CheckOptional(SafetensorsFile golden, string name, Tensor? actual)
    {
        Assert.Equal(golden.Tensors.ContainsKey(name + ".shape"), actual is not null);
        if (actual is not null)
        {
            Check(golden, name, actual);
        }
    }

    private static void Check(SafetensorsFile golden, string name, Tensor actual)
    {
        using var scope = new TensorScope();
        Assert.Equal(golden.Tensors[name + ".shape"].As<long>().ToArray(), actual.Shape);
        ReadOnlySpan<double> sums = golden.Tensors[name + ".sum_abssum"].As<double>();
        Tensor precise = actual.To(ScalarType.Float64);
        Assert.Equal(sums[0], precise.Sum().Item(), SumTolerance * sums[1]);
        Assert.Equal(sums[1], precise.Abs().Sum().Item(), SumTolerance * sums[1]);
        float[] expected = golden.Tensors[name + ".first64"].As<float>().ToArray();
        float[] values = actual.ToArray<float>();
        double scale = Math.Max(expected.Max(Math.Abs), sums[1] / actual.Count);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k] - values[k]) <= ValueTolerance * scale,
                $"{name}[{k}]: expected {expected[k]}, got {values[k]}");
        }
    }
}

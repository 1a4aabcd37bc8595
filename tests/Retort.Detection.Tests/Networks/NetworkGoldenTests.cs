using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Detection.Tests.Networks;

/// <summary>Whole networks with deterministic weights against the reference's maps.</summary>
[Trait("Category", Golden.Category)]
public class NetworkGoldenTests : LeakCheckedTest
{
    // The tolerance that the files support: sums to 1e-3 of the absolute sum; values as the round-off of float32 allows.
    private const double SumTolerance = 1e-3;
    private const double ValueTolerance = 2e-3;

    [Theory]
    [InlineData("net_gfl_r18", "gfl")]
    [InlineData("net_gfl_r50", "gfl")]
    [InlineData("net_gfl_r101", "gfl")]
    [InlineData("net_gflv2_r50", "gflv2")]
    [InlineData("net_atss_gfl_r50", "atss")]
    [InlineData("net_gfl_x50_32x4d", "gfl")]
    [InlineData("net_gfl_r2n50_26w_4s", "gfl")]
    [InlineData("net_gfl_r2n101_26w_4s", "gfl")]
    [InlineData("net_gfl_r50_dcnv1_c3c5", "gfl")]
    [InlineData("net_gfl_r50_dcnv2_c3c5", "gfl")]
    [InlineData("net_fcos_gfl_r50_caffe", "fcos")]
    [InlineData("net_retina_gfl_r50", "retina")]
    public void Networks_give_the_reference_maps(string file, string detector)
    {
        SafetensorsFile golden = Golden.Read(file);
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        DistributionHeadOptions head = Network.HeadOptions(detector) with { Classes = int.Parse(golden.Metadata["num_classes"]) };
        using var network = new Network(TestBackbones.Build(file), head, Network.NeckOptions(detector));
        DeterministicValues.Fill(network);
        network.Evaluate();
        IReadOnlyList<Tensor> maps = network.Backbone.Forward([DeterministicValues.Image("input", InputShape(golden))]);
        IReadOnlyList<Tensor> pyramid = network.Neck.Forward(maps);
        DenseOutput output = network.Head.Forward(pyramid);
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

    [Theory]
    [InlineData("head_forward_small_gfl", "gfl")]
    [InlineData("head_forward_small_gfocal", "gflv2")]
    public void A_small_head_gives_the_reference_predictions(string file, string detector)
    {
        SafetensorsFile golden = Golden.Read(file);
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using var head = new DistributionHead(SmallHead(golden, Network.HeadOptions(detector)));
        Assert.Equal(
            golden.Tensors.Keys.Where(k => k.StartsWith("weight.")).Select(k => k["weight.".Length..]).Order(), head.NamedState().Select(s => s.Name).Order());
        foreach ((string name, Tensor tensor) in head.NamedState())
        {
            StateDictionaries.LoadInto(tensor, name, golden.Tensors["weight." + name]);
        }

        DenseOutput output = head.Forward([.. Enumerable.Range(0, 5).Select(k => Tensor.From(golden.Tensors[$"x.{k}"]))]);
        for (int k = 0; k < 5; k++)
        {
            LevelOutput level = output.Levels[k];
            Near.Equal(golden.Tensors[$"cls_score.{k}"], level.ScoreMap, 1e-5);
            Near.Equal(golden.Tensors[$"bbox_pred.{k}"], level.BoxLogits, 1e-5);
            if (level.ScoresAreProbabilities)
            {
                Near.Equal(golden.Tensors[$"cls_logit.{k}"], level.ClassLogits, 1e-5);
            }
        }
    }

    private static DistributionHeadOptions SmallHead(SafetensorsFile golden, DistributionHeadOptions options)
    {
        long[] first = golden.Tensors["weight.cls_convs.0.conv.weight"].Shape;
        return options with
        {
            Classes = (int)golden.Tensors["weight.gfl_cls.bias"].Count - (options.BackgroundChannel ? 1 : 0),
            InChannels = (int)first[1],
            TowerChannels = (int)first[0],
            TowerDepth = int.Parse(golden.Metadata["stacked_convs"]),
            NormGroups = int.Parse(golden.Metadata["num_groups"]),
            LastBin = (int)golden.Tensors["weight.integral.project"].Count - 1,
            Quality = options.Quality is null ? null : new DistributionQualityOptions
            {
                TopK = int.Parse(golden.Metadata["reg_topk"]),
                Channels = int.Parse(golden.Metadata["reg_channels"]),
            },
        };
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
            Assert.True(Math.Abs(expected[k] - values[k]) <= ValueTolerance * scale, $"{name}[{k}]: expected {expected[k]}, got {values[k]}");
        }
    }
}

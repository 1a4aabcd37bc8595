using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
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
    [InlineData("net_gfl_r18", 18)]
    [InlineData("net_gfl_r50", 50)]
    [InlineData("net_gfl_r101", 101)]
    public void Gfl_networks_give_the_reference_maps(string file, int depth)
    {
        SafetensorsFile golden = Golden.Read(file);
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using var network = new GflNetwork(new ResNetOptions { Depth = depth }, int.Parse(golden.Metadata["num_classes"]));
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
            Check(golden, $"head.cls.P{k + 3}", output.Levels[k].ClassLogits);
            Check(golden, $"head.reg.P{k + 3}", output.Levels[k].BoxLogits);
        }
    }

    [Fact]
    public void Caffe_style_and_relu_before_extra_levels_give_the_reference_maps()
    {
        SafetensorsFile golden = Golden.Read("net_fcos_gfl_r50_caffe");
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using var backbone = new ResNet(new ResNetOptions { Depth = 50, Style = ResNetStyle.Caffe, NormMode = NormalizationMode.Frozen });
        using var neck = new FeaturePyramid(backbone.Channels, new FeaturePyramidOptions { ReluBeforeExtra = true });
        CheckExtractors(golden, backbone, neck);
    }

    [Fact]
    public void Extra_levels_on_the_input_give_the_reference_maps()
    {
        SafetensorsFile golden = Golden.Read("net_retina_gfl_r50");
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using var backbone = new ResNet(new ResNetOptions { Depth = 50 });
        using var neck = new FeaturePyramid(backbone.Channels, new FeaturePyramidOptions { Extra = ExtraLevels.OnInput });
        CheckExtractors(golden, backbone, neck);
    }

    [Fact]
    public void A_small_head_gives_the_reference_predictions()
    {
        SafetensorsFile golden = Golden.Read("head_forward_small_gfl");
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        long[] first = golden.Tensors["weight.cls_convs.0.conv.weight"].Shape;
        using var head = new GflHead(new GflHeadOptions
        {
            Classes = (int)golden.Tensors["weight.gfl_cls.bias"].Count,
            InChannels = (int)first[1],
            TowerChannels = (int)first[0],
            TowerDepth = int.Parse(golden.Metadata["stacked_convs"]),
            NormGroups = int.Parse(golden.Metadata["num_groups"]),
            LastBin = (int)golden.Tensors["weight.integral.project"].Count - 1,
        });
        Assert.Equal(golden.Tensors.Keys.Where(k => k.StartsWith("weight.")).Select(k => k["weight.".Length..]), head.NamedState().Select(s => s.Name));
        foreach ((string name, Tensor tensor) in head.NamedState())
        {
            StateDictionaries.LoadInto(tensor, name, golden.Tensors["weight." + name]);
        }

        DenseOutput output = head.Forward([.. Enumerable.Range(0, 5).Select(k => Tensor.From(golden.Tensors[$"x.{k}"]))]);
        for (int k = 0; k < 5; k++)
        {
            Near.Equal(golden.Tensors[$"cls_score.{k}"], output.Levels[k].ClassLogits, 1e-5);
            Near.Equal(golden.Tensors[$"bbox_pred.{k}"], output.Levels[k].BoxLogits, 1e-5);
        }
    }

    private static void CheckExtractors(SafetensorsFile golden, ResNet backbone, FeaturePyramid neck)
    {
        DeterministicValues.Fill(backbone, "backbone.");
        DeterministicValues.Fill(neck, "neck.");
        backbone.Evaluate();
        IReadOnlyList<Tensor> maps = backbone.Forward([DeterministicValues.Image("input", InputShape(golden))]);
        Check(golden, "backbone.C5", maps[^1]);
        IReadOnlyList<Tensor> pyramid = neck.Forward(maps);
        for (int k = 0; k < pyramid.Count; k++)
        {
            Check(golden, $"neck.P{k + 3}", pyramid[k]);
        }
    }

    // "1x3x96x128, r("input",i)*1.5"
    private static long[] InputShape(SafetensorsFile golden) =>
        [.. golden.Metadata["input"].Split(',')[0].Split('x').Select(long.Parse)];

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

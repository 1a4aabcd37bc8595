using Retort.Core.Options;
using Retort.Core;
using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Building;
using Retort.Recipes;
using Retort.Training.Weights;

namespace Retort.Training.Tests.Building;

public class BackboneBuilderTests : LeakCheckedTest
{
    private static readonly ResNetOptions Small = new() { Depth = 50, Width = 0.125 };

    public static TheoryData<BackboneOptions, string> Kinds => new()
    {
        { Small, "layer2.0.conv2.weight [16, 16, 3, 3]" },
        { new ResNeXtOptions { Width = 0.125, Groups = 4, BaseWidth = 32 }, "layer2.0.conv2.weight [32, 8, 3, 3]" },
        { new ResNeXtOptions { Width = 0.25 }, "layer2.0.conv2.weight [64, 2, 3, 3]" },
        { new Res2NetOptions { Width = 0.125 }, "layer2.0.convs.2.weight [6, 6, 3, 3]" },
        { new Res2NetOptions { Scales = 6, BaseWidth = 14, Width = 0.5 }, "layer2.0.convs.4.weight [14, 14, 3, 3]" },
        { Small with { Deformable = new DeformableOptions() }, "layer2.0.conv2.conv_offset.weight [18, 16, 3, 3]" },
        { Small with { Deformable = new DeformableOptions { Version = 2, Groups = 2, Stages = [4] } },
            "layer4.2.conv2.conv_offset.weight [54, 64, 3, 3]" },
        { Small with { Depth = 18, Deformable = new DeformableOptions { Stages = [4] } }, "layer4.1.conv2.conv_offset.bias [18]" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_is_built_as_its_options_say_and_learns(BackboneOptions options, string parameter)
    {
        using var scope = new TensorScope();
        using FeatureExtractor backbone = new ResNet(options).OnTestDevice();
        Assert.Contains(parameter, backbone.NamedParameters().Select(p => $"{p.Name} [{string.Join(", ", p.Tensor.Shape)}]"));
        IReadOnlyList<Tensor> maps = backbone.Forward([TestTensor.RandomNormal([1, 3, 64, 96])]);
        Assert.Equal(backbone.Maps.Select(map => $"{map.Channels} {64 / map.Stride} {96 / map.Stride}"),
            maps.Select(m => string.Join(" ", m.Shape.Skip(1))));
        maps[^1].Square().Sum().Backward();
        Assert.All(backbone.NamedParameters().Where(p => p.Tensor.RequiresGrad), p => Assert.NotNull(p.Tensor.Grad));
    }

    public static TheoryData<BackboneOptions, string> Unfit => new()
    {
        { new ResNeXtOptions { Width = 0.125, Depth = 18 }, "depth" },
        { new Res2NetOptions { Width = 0.125, Depth = 34 }, "depth" },
        { new ResNeXtOptions { Width = 0.125, BaseWidth = 1 }, "channels" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void What_does_not_fit_is_an_input_error(BackboneOptions options, string named)
    {
        using var scope = new TensorScope();
        Assert.Contains(named, Assert.Throws<OptionException>(() => new ResNet(options)).Message);
    }

    [Fact]
    public void Groups_of_offsets_must_divide_the_channels()
    {
        using var scope = new TensorScope();
        Assert.Contains("3 groups", Assert.Throws<OptionException>(() =>
            new ResNet(Small with { Deformable = new DeformableOptions { Groups = 3 } })).Message);
    }

    [Fact]
    public void A_classification_networks_weights_start_a_deformable_backbone()
    {
        string folder = Directory.CreateTempSubdirectory("retort-backbone-").FullName;
        try
        {
            using FeatureExtractor pretrained = new ResNet(Small);
            DeterministicValues.Fill(pretrained);
            var state = pretrained.SaveState().Where(entry => !entry.Key.EndsWith("num_batches_tracked"));
            var classifier = new StateDict(state.Append(KeyValuePair.Create("fc.weight", pretrained.SaveState()[0].Value)));
            TorchFile.Write(Path.Combine(folder, "resnet50-0123abcd.pth"), classifier.ToValue());
            var model = new GflDetectorOptions
            {
                Backbone = Small
                with
                { Deformable = new DeformableOptions { Version = 2 }, Weights = Path.Combine(folder, "resnet50-0123abcd.pth") }
            };
            using DenseDetector detector = DetectorBuilder.Build(model, 2);
            DetectorWeights.LoadInitial(detector, model, new WeightsStore(folder));
            foreach ((string name, Tensor tensor) in detector.Backbone.NamedParameters())
            {
                float[] values = tensor.ToArray<float>();
                float[] expected = name.Contains("conv_offset") ? new float[values.Length]
                    : pretrained.NamedParameters().Single(p => p.Name == name).Tensor.ToArray<float>();
                Assert.Equal(expected, values);
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}

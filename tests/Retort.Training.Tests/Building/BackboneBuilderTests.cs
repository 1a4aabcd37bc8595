using Retort.Core;
using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Building;
using Retort.Training.Recipes;
using Retort.Training.Weights;

namespace Retort.Training.Tests.Building;

public class BackboneBuilderTests : LeakCheckedTest
{
    private static readonly BackboneOptions Small = new() { Depth = 50, Width = 0.125 };

    public static TheoryData<BackboneOptions, string> Kinds => new()
    {
        { Small, "layer2.0.conv2.weight [16, 16, 3, 3]" },
        { Small with { Type = BackboneKind.Resnext, Groups = 4, BaseWidth = 32 }, "layer2.0.conv2.weight [32, 8, 3, 3]" },
        { Small with { Type = BackboneKind.Resnext, Width = 0.25 }, "layer2.0.conv2.weight [64, 2, 3, 3]" },
        { Small with { Type = BackboneKind.Res2net }, "layer2.0.convs.2.weight [6, 6, 3, 3]" },
        { Small with { Type = BackboneKind.Res2net, Scales = 6, BaseWidth = 14, Width = 0.5 }, "layer2.0.convs.4.weight [14, 14, 3, 3]" },
        { Small with { Deformable = new DeformableOptions() }, "layer2.0.conv2.conv_offset.weight [18, 16, 3, 3]" },
        { Small with { Deformable = new DeformableOptions { Version = 2, Groups = 2, Stages = [4] } }, "layer4.2.conv2.conv_offset.weight [54, 64, 3, 3]" },
        { Small with { Depth = 18, Deformable = new DeformableOptions { Stages = [4] } }, "layer4.1.conv2.conv_offset.bias [18]" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_is_built_as_its_options_say_and_learns(BackboneOptions options, string parameter)
    {
        using var scope = new TensorScope();
        using FeatureExtractor backbone = BackboneBuilder.Build(options);
        Assert.Contains(parameter, backbone.NamedParameters().Select(p => $"{p.Name} [{string.Join(", ", p.Tensor.Shape)}]"));
        IReadOnlyList<Tensor> maps = backbone.Forward([Tensor.RandomNormal([1, 3, 64, 96])]);
        Assert.Equal(backbone.Maps.Select(map => $"{map.Channels} {64 / map.Stride} {96 / map.Stride}"), maps.Select(m => string.Join(" ", m.Shape.Skip(1))));
        maps[^1].Square().Sum().Backward();
        Assert.All(backbone.NamedParameters().Where(p => p.Tensor.RequiresGrad), p => Assert.NotNull(p.Tensor.Grad));
    }

    [Theory]
    [InlineData(BackboneKind.Resnext, 18, null, "depth")]
    [InlineData(BackboneKind.Res2net, 34, null, "depth")]
    [InlineData(BackboneKind.Resnext, 50, 1, "channels")]
    public void What_does_not_fit_is_an_input_error(BackboneKind kind, int depth, int? baseWidth, string named)
    {
        using var scope = new TensorScope();
        Assert.Contains(named, Assert.Throws<RetortException>(() => BackboneBuilder.Build(Small with { Type = kind, Depth = depth, BaseWidth = baseWidth })).Message);
    }

    [Fact]
    public void Groups_of_offsets_must_divide_the_channels()
    {
        using var scope = new TensorScope();
        Assert.Contains("3 groups", Assert.Throws<RetortException>(() => BackboneBuilder.Build(Small with { Deformable = new DeformableOptions { Groups = 3 } })).Message);
    }

    [Fact]
    public void A_classification_networks_weights_start_a_deformable_backbone()
    {
        string folder = Directory.CreateTempSubdirectory("retort-backbone-").FullName;
        try
        {
            using FeatureExtractor pretrained = BackboneBuilder.Build(Small);
            DeterministicValues.Fill(pretrained);
            var state = pretrained.SaveState().Where(entry => !entry.Key.EndsWith("num_batches_tracked"));
            var classifier = new StateDict(state.Append(KeyValuePair.Create("fc.weight", pretrained.SaveState()[0].Value)));
            TorchFile.Write(Path.Combine(folder, "resnet50-0123abcd.pth"), classifier.ToValue());
            var model = new ModelOptions { Backbone = Small with { Deformable = new DeformableOptions { Version = 2 }, Weights = Path.Combine(folder, "resnet50-0123abcd.pth") } };
            using DenseDetector detector = DetectorBuilder.Build(model, 2);
            DetectorBuilder.LoadWeights(detector, model, new WeightsStore(folder));
            foreach ((string name, Tensor tensor) in detector.Backbone.NamedParameters())
            {
                float[] values = tensor.ToArray<float>();
                float[] expected = name.Contains("conv_offset") ? new float[values.Length] : pretrained.NamedParameters().Single(p => p.Name == name).Tensor.ToArray<float>();
                Assert.Equal(expected, values);
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}

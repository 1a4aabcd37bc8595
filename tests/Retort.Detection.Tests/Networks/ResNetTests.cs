using Retort.Core.Options;
using Retort.Core;
using Retort.Detection.Backbones;
using Retort.Detection.Heads;
using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Tests.Networks;

public class ResNetTests : LeakCheckedTest
{
    private static ResNetOptions Small => new() { Depth = 18, Width = 0.25 };

    [Theory]
    [InlineData(-1, new string[0])]
    [InlineData(0, new[] { "conv1", "bn1" })]
    [InlineData(2, new[] { "conv1", "bn1", "layer1", "layer2" })]
    [InlineData(4, new[] { "conv1", "bn1", "layer1", "layer2", "layer3", "layer4" })]
    public void Frozen_stages_have_no_gradients_and_stay_in_evaluation_mode(int stages, string[] frozen)
    {
        using ResNet network = new ResNet(Small with { FrozenStages = stages, NormMode = NormalizationMode.Train }).OnTestDevice();
        network.Evaluate();
        network.Train();
        foreach ((string name, Module child) in network.Children)
        {
            bool isFrozen = frozen.Contains(name);
            Assert.All(child.NamedModules(), m => Assert.Equal(!isFrozen, m.Module.IsTraining));
            Assert.All(child.NamedParameters(), p => Assert.Equal(!isFrozen, p.Tensor.RequiresGrad));
        }
    }

    [Theory]
    [InlineData(NormalizationMode.Frozen, false, false)]
    [InlineData(NormalizationMode.Eval, true, false)]
    [InlineData(NormalizationMode.Train, true, true)]
    public void Normalisation_modes_choose_what_training_changes(NormalizationMode mode, bool affine, bool statistics)
    {
        using var scope = new TensorScope();
        using ResNet network = new ResNet(Small with { FrozenStages = -1, NormMode = mode }).OnTestDevice();
        BatchNorm2d norm = network.NamedModules().Select(m => m.Module).OfType<BatchNorm2d>().Last();
        float[] before = norm.RunningMean.ToArray<float>();
        network.Forward([TestTensor.RandomNormal([2, 3, 64, 64])])[^1].Sum().Backward();
        Assert.Equal(affine, norm.Weight.Grad is not null);
        Assert.Equal(statistics, !before.SequenceEqual(norm.RunningMean.ToArray<float>()));
        Assert.Equal(statistics ? 1 : 0, norm.BatchesTracked.Item());
    }

    [Fact]
    public void Gradients_reach_the_trained_stages_only()
    {
        using var scope = new TensorScope();
        using ResNet network = new ResNet(Small with { FrozenStages = 1 }).OnTestDevice();
        network.Forward([TestTensor.RandomNormal([1, 3, 64, 64])])[^1].Square().Sum().Backward();
        Assert.All(network.NamedParameters(),
            p => Assert.Equal(p.Name.StartsWith("layer") && !p.Name.StartsWith("layer1"), p.Tensor.Grad is not null));
    }

    [Theory]
    [InlineData(18, 0.25, 2, new[] { 16, 32, 64, 128 })]
    [InlineData(50, 0.5, 3, new[] { 256, 512, 1024 })]
    public void Width_and_first_level_choose_the_maps(int depth, double width, int firstLevel, int[] channels)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using ResNet network = new ResNet(new ResNetOptions { Depth = depth, Width = width, FirstLevel = firstLevel }).OnTestDevice();
        Assert.Equal(channels, network.Maps.Select(map => map.Channels));
        IReadOnlyList<Tensor> maps = network.Forward([TestTensor.RandomNormal([1, 3, 64, 96])]);
        Assert.Equal(channels.Select((c, k) => $"{c}, {64 >> (firstLevel + k)}, {96 >> (firstLevel + k)}"),
            maps.Select(m => string.Join(", ", m.Shape.Skip(1))));
    }

    [Fact]
    public void Group_normalisation_has_its_own_names_and_fitting_groups()
    {
        using var scope = new TensorScope();
        using ResNet network = new ResNet(Small with { Norm = NormalizationKind.Group, ZeroInitialResidual = true }).OnTestDevice();
        Assert.Contains("gn1.weight", network.NamedParameters().Select(p => p.Name));
        Assert.Equal(8, network.NamedModules().Select(m => m.Module).OfType<GroupNorm>().First().Groups);
        Assert.Equal(32, Normalizations.FittingGroups(256));
        Tensor last = network.NamedParameters().Single(p => p.Name == "layer4.1.gn2.weight").Tensor;
        Assert.All(last.ToArray<float>(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Scopes_do_not_pile_up_what_inference_does_not_need()
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using var network = new Network(Small, new DistributionHeadOptions { Classes = 3 });
        Tensor image = TestTensor.RandomNormal([1, 3, 64, 64]);
        long before = Tensor.LiveCount;
        IReadOnlyList<Tensor> pyramid = network.Neck.Forward(network.Backbone.Forward([image]));
        network.Head.Forward(pyramid);
        Assert.Equal(before + 4 + 5 + 10, Tensor.LiveCount);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        Assert.Contains("'depth' is 20", Assert.Throws<OptionException>(() => new ResNet(new ResNetOptions { Depth = 20 })).Message);
        Assert.Contains("'frozenStages' is 5", Assert.Throws<OptionException>(
            () => new ResNet(new ResNetOptions { FrozenStages = 5 })).Message);
        Assert.Contains("'width' is 0.3", Assert.Throws<OptionException>(() => new ResNet(new ResNetOptions { Width = 0.3 })).Message);
    }
}

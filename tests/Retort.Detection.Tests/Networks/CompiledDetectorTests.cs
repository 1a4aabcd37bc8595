using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Torch;

namespace Retort.Detection.Tests.Networks;

public class CompiledDetectorTests : LeakCheckedTest
{
    [Theory]
    [InlineData(18, true)]
    [InlineData(50, false)]
    public void A_compiled_detector_predicts_what_the_detector_does(int depth, bool withFeatures)
    {
        using var scope = new TensorScope();
        var backbone = new ResNet(new ResNetOptions { Depth = depth, Width = 0.25 });
        var neck = new FeaturePyramid(backbone.Channels, new FeaturePyramidOptions { Channels = 64 });
        var head = new GflHead(new GflHeadOptions { Classes = 7, InChannels = 64, TowerChannels = 64, TowerDepth = 2 });
        using var detector = new DenseDetector(backbone, neck, head, null!, null!, null!);
        DeterministicValues.Fill(detector);
        detector.Evaluate();
        using var compiled = new CompiledDetector(detector, withFeatures);
        using var noGrad = new NoGradScope();
        compiled.Forward(Tensor.Zeros([2, 3, 96, 160]));
        Tensor images = DeterministicValues.Image("input", [2, 3, 96, 160]);
        DenseOutput expected = detector.Forward(images), actual = compiled.Forward(images);
        Assert.Null(compiled.Refusal);
        Assert.Equal(withFeatures ? 5 : 0, actual.Features.Count);
        for (int k = 0; k < expected.Levels.Count; k++)
        {
            AssertClose(expected.Levels[k].ClassLogits, actual.Levels[k].ClassLogits);
            AssertClose(expected.Levels[k].BoxLogits, actual.Levels[k].BoxLogits);
            Assert.Null(actual.Levels[k].Centerness);
        }
    }

    // Normalisation magnifies round-off where a map is almost constant.
    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((expected - actual).Abs().Max().Item(), 0, 2e-4 * Math.Max(1, expected.Abs().Max().Item()));
    }
}

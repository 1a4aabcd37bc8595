using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Torch;

namespace Retort.Detection.Tests.Networks;

public class CompiledDetectorTests : LeakCheckedTest
{
    public static TheoryData<string, int, bool> Heads { get; } = new() { { "gfl", 18, true }, { "gfl", 50, false }, { "gflv2", 18, true }, { "atss", 18, false } };

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_compiled_detector_predicts_what_the_detector_does(string kind, int depth, bool withFeatures)
    {
        using var scope = new TensorScope();
        var backbone = new ResNet(new ResNetOptions { Depth = depth, Width = 0.25 });
        var neck = new FeaturePyramid(backbone.Channels, new FeaturePyramidOptions { Channels = 64 });
        var head = new DistributionHead(Network.HeadOptions(kind) with { Classes = 7, InChannels = 64, TowerChannels = 64, TowerDepth = 2 });
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
            AssertClose(expected.Levels[k].Centerness, actual.Levels[k].Centerness);
            AssertClose(expected.Levels[k].JointScores, actual.Levels[k].JointScores);
        }
    }

    // Normalisation magnifies round-off where a map is almost constant.
    private static void AssertClose(Tensor? expected, Tensor? actual)
    {
        if (expected is null || actual is null)
        {
            Assert.Same(expected, actual);
            return;
        }

        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((expected - actual).Abs().Max().Item(), 0, 2e-4 * Math.Max(1, expected.Abs().Max().Item()));
    }
}

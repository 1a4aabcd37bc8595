using Retort.Detection.Backbones;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Torch;

namespace Retort.Detection.Tests.Networks;

[Trait("Device", TestDevice.CpuOnly)]
public class CompiledDetectorTests : LeakCheckedTest
{
    public static TheoryData<string, string, double, bool> Detectors { get; } = new()
    {
        { "gfl", "r18", 0.25, true },
        { "gfl", "r50", 0.25, false },
        { "gflv2", "r18", 0.25, true },
        { "atss", "r18", 0.25, false },
        { "fcos", "r50_caffe", 0.25, true },
        { "retina", "r18", 0.25, false },
        { "gfl", "x50_32x4d", 0.25, false },
        { "gfl", "x50_32x4d", 1, false },
        { "gfl", "r2n50_26w_4s", 0.5, false },
        { "gfl", "r18_dcnv2_c3c5", 0.25, true },
        { "gfl", "r50_dcnv1_c3c5", 0.25, false },
        { "gfl", "x50_32x4d_dcnv2_c4c5", 0.25, false },
        { "gfl", "r2n50_26w_4s_dcnv1_c4c5", 0.25, false },
    };

    [Theory]
    [MemberData(nameof(Detectors))]
    public void A_compiled_detector_predicts_what_the_detector_does(string kind, string backboneName, double width, bool withFeatures)
    {
        using var scope = new TensorScope();
        ResNet backbone = TestBackbones.Build(backboneName, width);
        var neck = new FeaturePyramid(backbone.Maps, Network.NeckOptions(kind) with { Channels = 64 });
        var head = new DistributionHead(Network.HeadOptions(kind) with { Classes = 7, InChannels = 64, Channels = 64, StackedConvs = 2 });
        using var detector = new DenseDetector(backbone, neck, head, new DistanceCoding(), null!, null!, null!);
        DeterministicValues.Fill(detector);
        detector.Evaluate();
        using var compiled = new CompiledDetector(detector, withFeatures);
        using var noGrad = new NoGradScope();
        compiled.Forward(Tensor.Zeros([2, 3, 96, 160]));
        Tensor images = DeterministicValues.Image("input", [2, 3, 96, 160]).To(Device.Cpu);
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

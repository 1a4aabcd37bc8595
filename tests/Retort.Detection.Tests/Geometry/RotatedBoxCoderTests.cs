using Retort.Core.Geometry;
using Retort.Detection.Geometry;
using Retort.Torch.Checkpoints;
using Retort.Torch;

namespace Retort.Detection.Tests.Geometry;

/// <summary>Deltas of rotated boxes.</summary>
public class RotatedBoxCoderTests : TensorTest
{
    public static TheoryData<AngleConvention> Conventions => [.. Enum.GetValues<AngleConvention>()];

    [Theory]
    [Trait("Category", Golden.Category)]
    [MemberData(nameof(Conventions))]
    public void Deltas_are_the_references(AngleConvention convention)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read($"rot_coder_{convention.ToString().ToLowerInvariant()}").Tensors;
        var plain = new RotatedCoderOptions { Convention = convention };
        Check(golden, "plain", plain);
        Check(golden, "std", plain with { Deviations = [0.1, 0.1, 0.2, 0.2, 0.1] });
        Check(golden, "norm_swap_proj", plain with { NormFactor = 2, EdgeSwap = true, ProjectXy = true });
        Check(golden, "h.plain", plain);
        Check(golden, "h.norm_swap", plain with { NormFactor = 2, EdgeSwap = true });
    }

    [Theory]
    [Trait("Category", Golden.Category)]
    [MemberData(nameof(Conventions))]
    public void Angles_are_wrapped_as_the_references(AngleConvention convention)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read($"rot_convert_{convention.ToString().ToLowerInvariant()}").Tensors;
        Close(golden["norm_angle"].As<float>(), RotatedBoxCoder.Normalize(TestTensor.From(golden["norm_angle_in"]), convention), 1e-5,
            1e-5);
    }

    [Fact]
    public void Decoding_bounds_the_growth_of_sides()
    {
        Tensor boxes = new RotatedBoxCoder(new RotatedCoderOptions())
            .Decode(TestTensor.From([0f, 0, 10, 10, 0], 1, 5), TestTensor.From([0f, 0, 90, -90, 0], 1, 5));
        Close([0, 0, 625, 0.16f, 0], boxes, 1e-4);
    }

    private static void Check(IReadOnlyDictionary<string, StoredTensor> golden, string name, RotatedCoderOptions options)
    {
        var coder = new RotatedBoxCoder(options);
        Tensor priors = name.StartsWith("h.", StringComparison.Ordinal) ? RotatedBoxCoder.Upright(TestTensor.From(golden["h_anchors"]))
            : TestTensor.From(golden["anchors"]);
        Tensor encoded = coder.Encode(priors, TestTensor.From(golden["gts"]));
        Close(golden[name + ".encoded"].As<float>(), encoded, 1e-5, 2e-5);
        Close(golden[name + ".decoded"].As<float>(), coder.Decode(priors, TestTensor.From(golden["deltas"])), 1e-5, 2e-5);
        if (golden.TryGetValue(name + ".roundtrip", out StoredTensor? back))
        {
            Close(back.As<float>(), coder.Decode(priors, encoded), 1e-5, 1e-4);
        }
    }
}

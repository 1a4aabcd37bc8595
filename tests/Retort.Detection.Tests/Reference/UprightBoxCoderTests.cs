using System.Globalization;
using Retort.Detection.Geometry;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Reference;

/// <summary>Deltas of upright boxes.</summary>
public class UprightBoxCoderTests : TensorTest
{
    // std<of all four> or std<of the centre>_<of the sides>
    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("delta_xywh_coder_std1")]
    [InlineData("delta_xywh_coder_std0.1_0.2")]
    public void Deltas_are_the_references(string name)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read(name).Tensors;
        double[] deviations = [.. name[(name.IndexOf("std", StringComparison.Ordinal) + 3)..].Split('_')
            .Select(d => double.Parse(d, CultureInfo.InvariantCulture))];
        var coder = new UprightBoxCoder(
            new UprightCoderOptions { Deviations = [deviations[0], deviations[0], deviations[^1], deviations[^1]] });
        Tensor anchors = TestTensor.From(golden["anchors"]), deltas = TestTensor.From(golden["deltas"]), encoded =
            coder.Encode(anchors, TestTensor.From(golden["gts"]));
        Close(golden["encoded"].As<float>(), encoded, 1e-5, 2e-5);
        Close(golden["decoded"].As<float>(), coder.Decode(anchors, deltas), 1e-5, 1e-4);
        Close(golden["roundtrip"].As<float>(), coder.Decode(anchors, encoded), 1e-5, 1e-4);

        // decoded_max_<height>x<width>
        string clipped = golden.Keys.Single(k => k.StartsWith("decoded_max_", StringComparison.Ordinal));
        int[] size = [.. clipped["decoded_max_".Length..].Split('x').Select(int.Parse)];
        Close(golden[clipped].As<float>(), coder.Decode(anchors, deltas, (size[0], size[1])), 1e-5, 1e-4);
    }

    [Fact]
    public void Means_are_taken_off_before_the_deviations_divide()
    {
        var coder = new UprightBoxCoder(new UprightCoderOptions { Means = [0.1, 0.2, 0.3, 0.4], Deviations = [0.1, 0.1, 0.2, 0.2] });
        Tensor prior = TestTensor.From([0f, 0, 10, 20], 1, 4), box = TestTensor.From([2f, 4, 12, 24], 1, 4);
        Close([1, 0, -1.5f, -2], coder.Encode(prior, box), 1e-5, 1e-6);
        Close([2, 4, 12, 24], coder.Decode(prior, coder.Encode(prior, box)), 1e-5, 1e-5);
    }

    [Fact]
    public void Decoding_bounds_the_growth_of_sides()
    {
        Tensor prior = TestTensor.From([0f, 0, 10, 10], 1, 4), deltas = TestTensor.From([0f, 0, 90, -90], 1, 4);
        Close([-307.5f, 4.92f, 317.5f, 5.08f], new UprightBoxCoder(new UprightCoderOptions()).Decode(prior, deltas), 1e-4);
        Close([0, 2.5f, 10, 7.5f], new UprightBoxCoder(new UprightCoderOptions { LargestRatio = 2 }).Decode(prior, deltas, (10, 10)), 1e-5);
    }

    [Fact]
    public void The_rotated_coder_agrees_where_nothing_is_turned()
    {
        Tensor priors = TestTensor.From([0f, 0, 10, 20, 5, 5, 45, 25], 2, 4), boxes = TestTensor.From([1f, 2, 14, 19, 0, 9, 30, 30], 2, 4);
        Tensor upright = new UprightBoxCoder(new UprightCoderOptions()).Encode(priors, boxes);
        Tensor rotated = new RotatedBoxCoder(new RotatedCoderOptions())
            .Encode(RotatedBoxCoder.Upright(priors), RotatedBoxCoder.Upright(boxes));
        Close(upright.ToArray<float>(), rotated.Narrow(1, 0, 4), 1e-6);
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Retort.Detection.Geometry;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Geometry;

/// <summary>Boxes as distances from points.</summary>
[Trait("Category", Golden.Category)]
public partial class BoxDistancesTests : TensorTest
{
    [Fact]
    public void Boxes_are_the_references()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("distance_codec").Tensors;
        Close(golden["bbox"].As<float>(), BoxDistances.Decode(TestTensor.From(golden["points"]), TestTensor.From(golden["distance"])));
    }

    // distance.nomax, distance.max<limit>[_eps<what is taken off it>], by default a tenth
    [Fact]
    public void Distances_are_the_references()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("distance_codec").Tensors;
        (Tensor points, Tensor boxes) = (TestTensor.From(golden["points"]), TestTensor.From(golden["bbox_for_distance"]));
        Close(golden["distance.nomax"].As<float>(), BoxDistances.Encode(points, boxes));
        Match[] limited = [.. golden.Keys.Select(k => Limit().Match(k)).Where(m => m.Success)];
        Assert.NotEmpty(limited);
        Assert.All(limited, name =>
        {
            double off = name.Groups["eps"].Success ? Number(name.Groups["eps"]) : 0.1;
            Close(golden[name.Value].As<float>(), BoxDistances.Encode(points, boxes).Clamp(0, Number(name.Groups["max"]) - off));
        });
    }

    private static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^distance\.max(?<max>[0-9.]+)(_eps(?<eps>[0-9.]+))?$")]
    private static partial Regex Limit();
}

using CsCheck;
using Retort.Core.Geometry;
using Retort.Detection.Geometry;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Reference;

/// <summary>Overlaps of rotated boxes in native code.</summary>
public class RotatedOverlapsTests
{
    private static readonly Gen<float[]> s_box = Gen.Select(
        Gen.Float[0, 60], Gen.Float[0, 60], Gen.Float[1, 40], Gen.Float[1, 40], Gen.Float[-7, 7], (x, y, w, h, a) =>
            new[] { x, y, w, h, a });

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("iou", OverlapKind.Iou)]
    [InlineData("iof", OverlapKind.Iof)]
    public void Overlaps_are_the_references(string name, OverlapKind kind)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("rot_iou").Tensors;
        float[] first = golden["boxes1"].As<float>().ToArray(), second = golden["boxes2"].As<float>().ToArray();
        Near.Equal(golden[name].As<float>(), RotatedOverlaps.Pairwise(first, second, kind), 2e-6);
        int aligned = (int)golden[name + "_aligned"].Shape[0];
        Near.Equal(golden[name + "_aligned"].As<float>(),
            RotatedOverlaps.Aligned(first.AsSpan(0, 5 * aligned), second.AsSpan(0, 5 * aligned), kind), 2e-6);
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void Overlaps_are_those_of_polygons_in_double_precision()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("rot_iou").Tensors;
        float[] overlaps = RotatedOverlaps.Pairwise(golden["boxes1"].As<float>(), golden["boxes2"].As<float>());
        Near.Equal(Array.ConvertAll(golden["iou_polygon_f64"].As<double>().ToArray(), d => (float)d), overlaps, 1e-6);
    }

    [Fact]
    public void Native_and_managed_clipping_agree() => Gen.Select(s_box, s_box).Sample((a, b) =>
    {
        double expected = Box(a).Corners.Overlap(Box(b).Corners);
        Assert.Equal(expected, RotatedOverlaps.Pairwise(a, b)[0], 1e-5);
        Assert.Equal(expected, RotatedOverlaps.Aligned(b, a)[0], 1e-5);
        Assert.Equal(1, RotatedOverlaps.Aligned(a, a)[0], 1e-6);
    });

    [Fact]
    public void Many_boxes_are_measured_as_few_are()
    {
        float[] boxes = [.. Enumerable.Range(0, 300).SelectMany(k =>
            new[] { k % 17 * 3.5f, k % 23 * 2.5f, 3 + (k % 7), 2 + (k % 11), 0.1f * k })];
        float[] all = RotatedOverlaps.Pairwise(boxes, boxes);
        for (int k = 0; k < 300; k += 37)
        {
            Assert.Equal(RotatedOverlaps.Pairwise(boxes.AsSpan(5 * k, 5), boxes), all[(300 * k)..(300 * (k + 1))]);
        }
    }

    [Fact]
    public void Boxes_without_area_or_with_numbers_that_are_none_overlap_nothing()
    {
        float[] box = [10, 10, 8, 4, 0.5f];
        float[] others = [10, 10, 0, 4, 0.5f, 10, 10, -8, 4, 0, 10, 10, -8, -4, 0.5f, 10, 10, 8, 4, float.NaN, float.NaN, 10, 8, 4, 0, 10,
            10, float.PositiveInfinity, 4, 0];
        Assert.All(RotatedOverlaps.Pairwise(box, others), overlap => Assert.Equal(0, overlap));
        Assert.All(RotatedOverlaps.Pairwise(others, box), overlap => Assert.Equal(0, overlap));
        Assert.Empty(RotatedOverlaps.Pairwise([], box));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentException>(() => RotatedOverlaps.Pairwise(new float[4], new float[5]));
        Assert.Throws<ArgumentException>(() => RotatedOverlaps.Aligned(new float[5], new float[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RotatedOverlaps.Aligned(new float[5], new float[5], OverlapKind.Giou));
    }

    private static RotatedBox Box(float[] numbers) => new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
}

using Retort.Detection.Geometry;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Geometry;

[Trait("Category", Golden.Category)]
public class BoxOverlapsTests : TensorTest
{
    [Theory]
    [InlineData(OverlapKind.Iou, "iou")]
    [InlineData(OverlapKind.Iof, "iof")]
    [InlineData(OverlapKind.Giou, "giou")]
    [InlineData(OverlapKind.ReferenceDiou, "diou")]
    public void Pairwise_and_aligned_overlaps_are_the_references(OverlapKind kind, string name)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("iou_bbox_overlaps").Tensors;
        Tensor first = TestTensor.From(golden["boxes1"]);
        Close(golden[$"pairwise.{name}"].As<float>(), BoxOverlaps.Pairwise(first, TestTensor.From(golden["boxes2"]), kind));
        Close(golden[$"aligned.{name}"].As<float>(), BoxOverlaps.Aligned(first, TestTensor.From(golden["boxes2_aligned"]), kind));
    }

    [Fact]
    public void Epsilon_is_the_callers()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("iou_bbox_overlaps").Tensors;
        Tensor overlaps = BoxOverlaps.Pairwise(TestTensor.From(golden["boxes1"]), TestTensor.From(golden["boxes2"]), OverlapKind.Giou,
            1e-7);
        Close(golden["pairwise.giou.eps1e-7"].As<float>(), overlaps);
    }
}

using Retort.Detection.Losses;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Losses;

[Trait("Category", Golden.Category)]
public class LossGoldenTests : TensorTest
{
    [Theory]
    [InlineData("loss_qfl_sigmoid1", true)]
    [InlineData("loss_qfl_sigmoid0", false)]
    public void Quality_focal_loss(string name, bool areLogits)
    {
        SafetensorsFile file = Golden.Read(name);
        (Tensor pred, Tensor weight) = (Leaf(file.Tensors["pred"]), TestTensor.From(file.Tensors["weight"]));
        Tensor rows = QualityFocalLoss.Rows(pred, TestTensor.From(file.Tensors["label"]), TestTensor.From(file.Tensors["score"]),
            Number(file.Metadata["beta"]), areLogits);
        Check(file, "none", rows, pred);
        Check(file, "mean", rows.Mean(), pred);
        Check(file, "weighted_avg17.5", (rows * weight).Sum() / 17.5, pred);
    }

    [Fact]
    public void Quality_focal_loss_of_a_map_is_the_sum_over_its_rows()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("loss_qfl_sigmoid1").Tensors;
        Tensor rows = TestTensor.From(golden["pred"]);
        (long count, long classes) = (rows.Size(0), rows.Size(1));
        Tensor weight = TestTensor.From(golden["weight"]);
        Tensor background = TestTensor.Full([count], classes, ScalarType.Int64);
        double expected = (QualityFocalLoss.Rows(rows, background, weight.ZerosLike()) * weight).Sum().Item();
        foreach (int perCell in new[] { 1, 2 })
        {
            Tensor map = rows.Reshape(1, count / perCell, perCell, classes).Permute(0, 2, 3, 1)
                .Reshape(1, perCell * classes, 1, count / perCell);
            Assert.Equal(expected, QualityFocalLoss.BackgroundSum(map, weight.Reshape(1, count), perCell).Item(), 3);
        }
    }

    [Fact]
    public void Distribution_focal_loss()
    {
        SafetensorsFile file = Golden.Read("loss_dfl");
        Tensor pred = Leaf(file.Tensors["pred"]);
        Tensor rows = DistributionFocalLoss.Rows(pred, TestTensor.From(file.Tensors["target"])) * Number(file.Metadata["loss_weight"]);
        Check(file, "none", rows, pred);
        Check(file, "weighted_avg4", (rows * TestTensor.From(file.Tensors["weight"])).Sum() / 4, pred);
    }

    [Fact]
    public void Sigmoid_focal_loss()
    {
        SafetensorsFile file = Golden.Read("loss_sigmoid_focal");
        Tensor pred = Leaf(file.Tensors["pred"]);
        Tensor elements = SigmoidFocalLoss.Elements(pred, TestTensor.From(file.Tensors["label"]), Number(file.Metadata["alpha"]),
            Number(file.Metadata["gamma"]));
        Check(file, "none", elements, pred);
        Check(file, "weighted_avg13", (elements * TestTensor.From(file.Tensors["weight"]).Unsqueeze(1)).Sum() / 13, pred);
        Check(file, "avg1", elements.Sum(), pred);
    }

    [Theory]
    [InlineData(BoxLossKind.Giou, "GIoULoss")]
    [InlineData(BoxLossKind.Diou, "DIoULoss")]
    [InlineData(BoxLossKind.Ciou, "CIoULoss")]
    [InlineData(BoxLossKind.Iou, "IoULoss")]
    public void Box_losses(BoxLossKind kind, string name)
    {
        SafetensorsFile file = Golden.Read("loss_iou_family");
        (Tensor pred, Tensor weight) = (Leaf(file.Tensors["pred"]), TestTensor.From(file.Tensors["weight"]));
        double factor = Number(file.Metadata["loss_weight"]);
        foreach (bool guard in new[] { true, false })
        {
            Tensor rows = BoxLoss.Rows(pred, TestTensor.From(file.Tensors["target"]), kind, guardAspect: guard) * factor;
            Check(file, $"none|{name}", rows, pred);
            Check(file, $"weighted_avg1|{name}", (rows * weight).Sum(), pred);
            Check(file, $"weight2d_avg7|{name}", (rows * weight).Sum() / 7, pred);
        }
    }

    [Theory]
    [InlineData(BoxLossKind.Giou, "GIoULoss")]
    [InlineData(BoxLossKind.Diou, "DIoULoss")]
    [InlineData(BoxLossKind.Ciou, "CIoULoss")]
    public void Box_losses_of_exact_predictions(BoxLossKind kind, string name)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("loss_iou_family").Tensors;
        long rows = golden[$"{name}.exact.value"].Count;
        Tensor target = TestTensor.From(golden["pred"]).Narrow(0, 0, rows);
        Tensor pred = target.Clone();
        pred.RequiresGrad = true;
        Tensor loss = BoxLoss.Rows(pred, target, kind, guardAspect: false);
        Close(golden[$"{name}.exact.value"].As<float>(), loss);
        Close(golden[$"{name}.exact.grad"].As<float>(), Gradient(loss, pred), 1e-5, 1e-6);

        Tensor guarded = BoxLoss.Rows(pred, target, kind);
        float[] expected = [.. golden[$"{name}.exact.value"].As<float>().ToArray().Select(value => float.IsNaN(value) ? 0 : value)];
        Close(expected, guarded, 1e-5, 1e-5);
        Assert.All(Gradient(guarded, pred).ToArray<float>(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Centerness_loss()
    {
        SafetensorsFile file = Golden.Read("loss_centerness_bce");
        Tensor pred = Leaf(file.Tensors["pred"]);
        Tensor elements = CenternessLoss.Elements(pred, TestTensor.From(file.Tensors["target"]));
        Check(file, "avg9", elements.Sum() / 9, pred);
        Check(file, "mean", elements.Mean(), pred);
    }

    [Theory]
    [InlineData("loss_smooth_l1_beta1")]
    [InlineData("loss_smooth_l1_beta1_9")]
    public void Absolute_losses(string name)
    {
        SafetensorsFile file = Golden.Read(name);
        (Tensor pred, Tensor target, Tensor weight) =
            (Leaf(file.Tensors["pred"]), TestTensor.From(file.Tensors["target"]), TestTensor.From(file.Tensors["weight"]));
        Tensor smooth = AbsoluteLoss.SmoothL1(pred, target, Number(file.Metadata["beta"]));
        Check(file, "none", smooth, pred);
        Check(file, "w_avg5", (smooth * weight).Sum() / 5, pred);
        Check(file, "w_avg5|l1", (AbsoluteLoss.L1(pred, target) * weight).Sum() / 5, pred);
    }

    // The names of the files are value.<case> and grad.<case>, with the kind of loss in front where a file has several.
    private static void Check(SafetensorsFile file, string name, Tensor value, Tensor pred)
    {
        string[] parts = name.Split('|');
        string prefix = parts.Length > 1 ? parts[1] + "." : "";
        Close(file.Tensors[$"{prefix}value.{parts[0]}"].As<float>(), value, 1e-5, 2e-6);
        Close(file.Tensors[$"{prefix}grad.{parts[0]}"].As<float>(), Gradient(value, pred), 1e-5, 2e-6);
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

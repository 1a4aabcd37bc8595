using System.Globalization;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Distillation.Tests;

[Trait("Category", Golden.Category)]
public class DivergenceGoldenTests : TensorTest
{
    [Fact]
    public void Kullback_Leibler_divergence_is_the_references()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("loss_kd_kldiv").Tensors;
        int checkedCases = 0;
        foreach (string name in golden.Keys.Where(k => k.EndsWith(".value", StringComparison.Ordinal)))
        {
            string[] parts = name[1..^".value".Length].Split(".w", 2);
            (double temperature, int end) = (double.Parse(parts[0], CultureInfo.InvariantCulture), parts[1].LastIndexOf('.'));
            (double factor, string kind) = (double.Parse(parts[1][..end], CultureInfo.InvariantCulture), parts[1][(end + 1)..]);
            string suffix = kind.StartsWith("cls", StringComparison.Ordinal) ? "_cls" : kind.StartsWith("k68", StringComparison.Ordinal)
                ? "68" : "";
            Tensor pred = Leaf(golden["pred" + suffix]);
            Tensor rows = Divergences.KullbackLeibler(pred, TestTensor.From(golden["soft" + suffix]), temperature, BinReduction.Mean)
                * factor;
            Tensor value = Reduce(rows, kind, TestTensor.From(golden["weight" + suffix]));

            // Near equality the summands cancel: what is left is rounding, in float32 units of temperature^2 * factor.
            double rounding = 1e-6 + (2e-7 * temperature * temperature * factor);
            Close(golden[name].As<float>(), value, 2e-5, rounding);
            Close(golden[name.Replace(".value", ".grad")].As<float>(), Gradient(value, pred), 2e-5, rounding);
            checkedCases++;
        }

        Assert.True(checkedCases > 0);
    }

    [Fact]
    public void Feature_imitation_is_the_references()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("loss_im").Tensors;
        string[] gradients = [.. golden.Keys.Where(k => k.EndsWith(".grad", StringComparison.Ordinal))];
        Assert.NotEmpty(gradients);
        foreach (string name in gradients)
        {
            string label = name[..^".grad".Length];
            double weight = double.Parse(label[1..], CultureInfo.InvariantCulture);
            Tensor pred = Leaf(golden["pred"]);
            Tensor value = Divergences.MeanSquaredError(pred, TestTensor.From(golden["target"])).Mean() * weight;
            Close(golden[label + ".value"].As<float>(), value, 1e-5);
            Close(golden[name].As<float>(), Gradient(value, pred), 1e-5, 1e-7);
        }
    }

    [Fact]
    public void One_target_for_all_rows_is_the_references()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("loss_im").Tensors;
        (Tensor pred, Tensor target) = (TestTensor.From(golden["pred"]), TestTensor.From(golden["target"]));
        string one = golden.Keys.Single(k => k.EndsWith(".broadcast_12x1.value", StringComparison.Ordinal));
        double weight = double.Parse(one[1..one.IndexOf('.')], CultureInfo.InvariantCulture);
        Close(golden[one].As<float>(), Divergences.MeanSquaredError(pred, target.Narrow(0, 0, 1)).Mean() * weight, 1e-5);
    }

    private static Tensor Reduce(Tensor rows, string kind, Tensor weight)
    {
        int average = kind.IndexOf("avg", StringComparison.Ordinal);
        return kind switch
        {
            "none" => rows,
            "mean" => rows.Mean(),
            _ => (rows * weight).Sum() / double.Parse(kind[(average + 3)..], CultureInfo.InvariantCulture),
        };
    }
}

using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests;

/// <summary>Loss terms of whole heads, their sum and their gradients against a golden file.</summary>
public static class HeadGolden
{
    /// <summary>
    /// Each term, its absolute gradients, the total and the total's gradient, as far as the file has them; ends with a backward pass.
    /// </summary>
    /// <param name="golden">The file's tensors.</param>
    /// <param name="output">Leaves that the terms were computed from.</param>
    /// <param name="terms">Terms with the names that they have in the file.</param>
    public static void Check(IReadOnlyDictionary<string, StoredTensor> golden, DenseOutput output, IReadOnlyList<LossTerm> terms)
    {
        Assert.Contains(golden.Keys, name => name.StartsWith("grad", StringComparison.Ordinal));
        foreach (LossTerm term in terms)
        {
            Close(golden[$"loss.{term.Name}"], term.Value, 1e-6);
            foreach ((string map, IReadOnlyList<Tensor> leaves) in Maps(output))
            {
                if (golden.TryGetValue($"grad_abs_sum.{term.Name}.{map}", out StoredTensor? stored))
                {
                    double expected = stored.As<double>()[0];
                    double sum = Tensor.Gradients(term.Value, [.. leaves], retainGraph: true).Sum(g => g?.Abs().Sum().Item() ?? 0);
                    Assert.InRange(sum, (expected * (1 - 1e-4)) - 1e-6, (expected * (1 + 1e-4)) + 1e-6);
                }
            }
        }

        // What has no term here has no weight there: the published code multiplies classification in the valuable region by zero, for
        // instance.
        string[] others = [.. golden.Keys.Where(name => name.StartsWith("loss.loss_", StringComparison.Ordinal)
            && name.LastIndexOf('.') == "loss".Length)];
        Assert.All(others.Except(terms.Select(term => "loss." + term.Name)), name => Assert.Equal(0, golden[name].As<float>()[0]));
        Tensor total = terms.Select(t => t.Value).Aggregate((a, b) => a + b);
        Close(golden["loss.total"], total, 1e-6);
        total.Backward();
        foreach ((string map, IReadOnlyList<Tensor> leaves) in Maps(output))
        {
            CheckGradient(golden, map, leaves);
        }
    }

    private static void CheckGradient(IReadOnlyDictionary<string, StoredTensor> golden, string map, IReadOnlyList<Tensor> leaves)
    {
        for (int l = 0; l < leaves.Count; l++)
        {
            Tensor gradient = leaves[l].Grad ?? leaves[l].ZerosLike();
            if (golden.TryGetValue($"grad.{map}.{l}", out StoredTensor? values))
            {
                Close(values, gradient, 2e-6);
            }

            if (golden.TryGetValue($"grad_abs_sum.{map}.{l}", out StoredTensor? sum))
            {
                Assert.Equal(sum.As<double>()[0], gradient.Abs().Sum().Item(), (1e-4 * sum.As<double>()[0]) + 1e-6);
            }

            if (golden.TryGetValue($"grad.{map}.rows_abs_sum.{l}", out StoredTensor? rows))
            {
                Close(rows, gradient.Abs().Sum([1]).Reshape(-1), 2e-6);
            }

            if (golden.TryGetValue($"grad.{map}.rows_first8.{l}", out StoredTensor? first))
            {
                Close(first, gradient.Permute(0, 2, 3, 1).Flatten(0, 2).Narrow(1, 0, first.Shape[1]), 2e-6);
            }
        }
    }

    private static IEnumerable<(string Map, IReadOnlyList<Tensor> Leaves)> Maps(DenseOutput output)
    {
        IReadOnlyList<LevelOutput> levels = output.Levels;
        bool joint = levels[0].JointScores is not null;
        yield return (joint ? "logit" : "cls", [.. levels.Select(l => l.ClassLogits)]);
        yield return ("reg", [.. levels.Select(l => l.BoxLogits)]);
        yield return ("joint", joint ? [.. levels.Select(l => l.JointScores!)] : []);
        yield return ("ctr", levels[0].Centerness is null ? [] : [.. levels.Select(l => l.Centerness!)]);
        yield return ("feat", output.Features);
    }

    private static void Close(StoredTensor expected, Tensor actual, double absolute)
    {
        (float[] e, float[] a) = (expected.As<float>().ToArray(), actual.ToArray<float>());
        Assert.Equal(e.Length, a.Length);
        double relative = TestDevice.Tolerance(1e-4);
        absolute = TestDevice.Tolerance(absolute);
        for (int k = 0; k < e.Length; k++)
        {
            Assert.True(Math.Abs(e[k] - a[k]) <= absolute + (relative * Math.Abs(e[k])), $"element {k}: expected {e[k]:R}, got {a[k]:R}");
        }
    }
}

using Retort.Torch.Checkpoints;

namespace Retort.Training.Tests.Traces;

/// <summary>
/// Ten steps of training against the reference's. Round-off grows from step to step, so the yardstick is the reference's own: how far its
/// float32 run strays from its run in double precision.
/// </summary>
public abstract class TrainingTraceTests(TrainingTrace trace)
{
    /// <summary>We may stray so many times as far as the reference does (its largest error up to that step) ...</summary>
    private const double Multiple = 4;

    /// <summary>... and by this part of the value besides: sums of some thousand float32 numbers in another order.</summary>
    private const double Floor = 2e-5;

    private readonly IReadOnlyDictionary<string, StoredTensor> _reference = trace.Reference.Tensors;

    [Fact]
    public void The_rates_are_the_references() => Assert.Equal(Numbers("log.lr"), trace.Log["lr"], (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Abs(a));

    [Fact]
    public void Every_term_of_the_objective_is_compared()
    {
        string[] expected = [.. _reference.Keys.Where(k => k.StartsWith("log.", StringComparison.Ordinal)).Select(k => k["log.".Length..])];
        Assert.Empty(trace.Log.Keys.Except(expected));

        // What has no term here has no weight there.
        foreach (string name in expected.Except(trace.Log.Keys))
        {
            Assert.All(Numbers("log." + name), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Losses_and_gradient_norms_follow_the_reference_step_by_step()
    {
        List<string> failures = [];
        foreach ((string name, List<double> ours) in trace.Log.Where(entry => entry.Key != "lr"))
        {
            (double[] single, double[] exact) = (Numbers("log." + name), Numbers("log_f64." + name));
            Assert.Equal(exact.Length, ours.Count);
            double strayed = 0;
            for (int k = 0; k < exact.Length; k++)
            {
                strayed = Math.Max(strayed, Relative(single[k], exact[k]));
                double error = Relative(ours[k], exact[k]);
                if (!(error <= (Multiple * strayed) + Floor))
                {
                    failures.Add($"step {k}: {name} is {ours[k]:g7}, in double precision {exact[k]:g7}: off by {error:e1}, the reference up to here by {strayed:e1}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void The_first_gradients_are_the_references()
    {
        Assert.Equal(_reference["step0.num_params"].As<long>()[0], trace.Initial.Count);
        Assert.Equal(_reference["step0.num_params_with_grad"].As<long>()[0], trace.FirstGradients.Count);
        List<string> failures = [];
        foreach (string name in Names("step0.grad_sum_abssum."))
        {
            float[] ours = trace.FirstGradients[name];
            double[] sums = Numbers($"step0.grad_sum_abssum.{name}");
            (double sum, double absolute) = Sums(ours);
            Check(failures, $"gradient of {name}, sum", sums[0], sum, GradientTolerance * sums[1]);
            Check(failures, $"gradient of {name}, sum of absolute values", sums[1], absolute, GradientTolerance * sums[1]);
            float[] first = _reference[$"step0.grad_first8.{name}"].As<float>().ToArray();
            double scale = Math.Max(first.Max(Math.Abs), sums[1] / ours.Length);
            for (int k = 0; k < first.Length; k++)
            {
                Check(failures, $"gradient of {name}[{k}]", first[k], ours[k], GradientTolerance * scale);
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void The_weights_move_where_the_references_move()
    {
        List<string> failures = [];
        foreach (string name in Names("final.sum_abssum."))
        {
            (float[] before, float[] after) = (trace.Initial[name], trace.Final[name]);
            double moved = before.Zip(after, (a, b) => Math.Abs((double)b - a)).Sum();
            (double sum, double absolute) = Sums(after);
            (double[] single, double[] exact) = (Numbers($"final.sum_abssum.{name}"), Numbers($"f64.final.sum_abssum.{name}"));
            CheckSum(failures, $"final {name}, sum", exact[0], single[0], sum, moved);
            CheckSum(failures, $"final {name}, sum of absolute values", exact[1], single[1], absolute, moved);
            float[] first = _reference[$"final.first8.{name}"].As<float>().ToArray();
            double largest = first.Select((value, k) => Math.Abs((double)value - before[k])).Max();
            for (int k = 0; k < first.Length; k++)
            {
                // One unit in the last place of the weight, and a part of the way that the weights went.
                Check(failures, $"final {name}[{k}] (from {before[k]:g7})", first[k], after[k], (Strayed() * Multiple * largest) + (1.2e-7 * Math.Abs(first[k])));
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void Frozen_weights_do_not_move()
    {
        string[] frozen = [.. trace.Initial.Keys.Except(trace.FirstGradients.Keys)];
        Assert.All(frozen, name => Assert.Equal(trace.Initial[name], trace.Final[name]));
        Assert.All(trace.FirstGradients.Keys, name => Assert.NotEqual(trace.Initial[name], trace.Final[name]));
    }

    [Fact]
    public void The_trained_network_predicts_what_the_references_predicts()
    {
        List<string> failures = [];
        foreach ((string name, float[] ours) in new[] { ("final.cls.P3.first64", trace.FinalOutput.Classes), ("final.reg.P3.first64", trace.FinalOutput.Boxes) })
        {
            float[] expected = _reference[name].As<float>().ToArray();
            double tolerance = (Strayed() * Multiple) + Floor;
            for (int k = 0; k < expected.Length; k++)
            {
                Check(failures, $"{name}[{k}]", expected[k], ours[k], tolerance * expected.Max(Math.Abs));
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void Nothing_is_left_behind() => Assert.Equal(0, trace.LeakedTensors);

    /// <summary>The part that gradients may differ by: float32 through some fifty layers.</summary>
    private const double GradientTolerance = 1e-3;

    // The largest part that a number of the reference's log strays by over the whole run.
    private double Strayed() => trace.Log.Keys.Max(name => Numbers("log." + name).Zip(Numbers("log_f64." + name), Relative).Max());

    private void CheckSum(List<string> failures, string what, double exact, double single, double ours, double moved) =>
        Check(failures, what, exact, ours, (Multiple * Math.Abs(single - exact)) + (Multiple * Strayed() * moved / 10) + (1e-8 * Math.Abs(exact)));

    private static void Check(List<string> failures, string what, double expected, double ours, double tolerance)
    {
        if (!(Math.Abs(ours - expected) <= tolerance))
        {
            failures.Add($"{what}: {ours:g8}, the reference has {expected:g8}: off by {Math.Abs(ours - expected):e1}, allowed {tolerance:e1}");
        }
    }

    private static (double Sum, double Absolute) Sums(float[] values) => (values.Sum(v => (double)v), values.Sum(v => Math.Abs((double)v)));

    private static double Relative(double value, double exact) => value == exact ? 0 : Math.Abs(value - exact) / Math.Abs(exact);

    private double[] Numbers(string name) => _reference[name].As<double>().ToArray();

    private IEnumerable<string> Names(string prefix) =>
        _reference.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..]);
}

[Trait("Category", Golden.Category)]
public sealed class PlainTraceTests(PlainTrace trace) : TrainingTraceTests(trace), IClassFixture<PlainTrace>;

[Trait("Category", Golden.Category)]
public sealed class DistilledTraceTests(DistilledTrace trace) : TrainingTraceTests(trace), IClassFixture<DistilledTrace>;

[Trait("Category", Golden.Category)]
public sealed class ImitatingTraceTests(ImitatingTrace trace) : TrainingTraceTests(trace), IClassFixture<ImitatingTrace>;

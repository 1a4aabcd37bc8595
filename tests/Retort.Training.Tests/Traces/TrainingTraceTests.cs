using System.Globalization;
using Retort.Torch.Checkpoints;

namespace Retort.Training.Tests.Traces;

/// <summary>
/// Ten steps of training against the reference's. The yardstick is the reference itself: how far its float32 run strays from its run in
/// double precision. Its log is there in both, so the losses of all steps are compared with the exact ones; gradients and weights are there
/// in float32 alone, where one sum on a ReLU's edge is enough to move a gradient by a thousandth, so these may be off by more.
/// </summary>
public abstract class TrainingTraceTests(TrainingTrace trace)
{
    /// <summary>We may stray so many times as far as the reference does.</summary>
    private const double Multiple = 4;

    /// <summary>The same for single numbers, which stray more than the sums of the log that the yardstick is taken from.</summary>
    private const double MultipleOfOne = 10;

    /// <summary>And by this part of a value besides: sums of some thousand float32 numbers in another order.</summary>
    private const double Floor = 2e-5;

    /// <summary>The part of a tensor's largest gradient that each may be off by.</summary>
    private const double GradientTolerance = 5e-3;

    /// <summary>One unit in the last place of 1.</summary>
    private static readonly double s_unit = float.BitIncrement(1) - 1;

    private readonly IReadOnlyDictionary<string, StoredTensor> _reference = trace.Reference.Tensors;
    private readonly TracedRun _ours = trace.Ours;
    private readonly List<string> _failures = [];

    [Fact]
    public void The_rates_are_the_references() =>
        Assert.Equal(Numbers("log.lr"), _ours.Log["lr"], (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Abs(a));

    [Fact]
    public void Every_term_of_the_objective_is_compared()
    {
        string[] expected = [.. Names("log.")];
        Assert.Empty(_ours.Log.Keys.Except(expected));

        // What has no term here has no weight there.
        foreach (string name in expected.Except(_ours.Log.Keys))
        {
            Assert.All(Numbers("log." + name), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Losses_and_gradient_norms_follow_the_reference_step_by_step()
    {
        foreach ((string name, List<double> ours) in _ours.Log.Where(entry => entry.Key != "lr"))
        {
            (double[] single, double[] exact) = (Numbers("log." + name), Numbers("log_f64." + name));
            Assert.Equal(exact.Length, ours.Count);
            double strayed = 0;
            for (int k = 0; k < exact.Length; k++)
            {
                strayed = Math.Max(strayed, Math.Abs(single[k] - exact[k]) / Math.Abs(exact[k]));
                Check($"step {k}, {name}", exact[k], ours[k], ((Multiple * strayed) + Floor) * Math.Abs(exact[k]));
            }
        }

        Report();
    }

    [Fact]
    public void The_first_gradients_are_the_references()
    {
        Assert.Equal(_reference["step0.num_params"].As<long>()[0], _ours.Initial.Count);
        Assert.Equal(_reference["step0.num_params_with_grad"].As<long>()[0], _ours.FirstGradients.Count);
        double strayed = Math.Abs(Numbers("log.grad_norm")[0] - Numbers("log_f64.grad_norm")[0]);
        foreach (string name in Names("step0.grad_sum_abssum."))
        {
            float[] ours = _ours.FirstGradients[name], first = _reference[$"step0.grad_first8.{name}"].As<float>().ToArray();
            double[] sums = Numbers($"step0.grad_sum_abssum.{name}");

            // A vector of N numbers that is off by a length is off by at most the root of N times that in its sum.
            CheckAll($"gradient of {name}, sums of values and of absolute values", sums, Sums(ours),
                (strayed * Math.Sqrt(ours.Length)) + (GradientTolerance / 10 * sums[1]));
            CheckAll($"gradient of {name}, value", [.. first], [.. ours.Take(first.Length)], GradientTolerance * ours.Max(Math.Abs));
        }

        Report();
    }

    [Fact]
    public void The_weights_move_where_the_references_move()
    {
        double strayed = Strayed();
        foreach (string name in Names("final.sum_abssum."))
        {
            float[] after = _ours.Final[name], first = _reference[$"final.first8.{name}"].As<float>().ToArray();
            double[] moved = [.. after.Zip(_ours.Initial[name], (a, b) => Math.Abs((double)a - b))];
            double[] single = Numbers($"final.sum_abssum.{name}"), exact = Numbers($"f64.final.sum_abssum.{name}");
            double singleError = single.Zip(exact, (a, b) => Math.Abs(a - b)).Max();
            double length = Math.Sqrt(moved.Sum(m => m * m)), roundOff = s_unit * after.Max(Math.Abs);
            CheckAll($"final {name}, sums of values and of absolute values", exact, Sums(after),
                (Multiple * (singleError + (strayed * length))) + (roundOff * Math.Sqrt(after.Length)));
            CheckAll($"final {name}, value", [.. first], [.. after.Take(first.Length)], (MultipleOfOne * strayed * moved.Max()) + roundOff);
        }

        Report();
    }

    [Fact]
    public void Frozen_weights_do_not_move()
    {
        string[] frozen = [.. _ours.Initial.Keys.Except(_ours.FirstGradients.Keys)];
        Assert.All(frozen, name => Assert.Equal(_ours.Initial[name], _ours.Final[name]));
        Assert.All(_ours.FirstGradients.Keys, name => Assert.NotEqual(_ours.Initial[name], _ours.Final[name]));
    }

    [Fact]
    public void The_trained_network_predicts_what_the_references_predicts()
    {
        (float[] classes, float[] boxes) = _ours.FinalOutput;
        foreach ((string name, float[] ours) in new[] { ("final.cls.P3.first64", classes), ("final.reg.P3.first64", boxes) })
        {
            float[] expected = _reference[name].As<float>().ToArray();
            CheckAll(name, [.. expected], [.. ours.Take(expected.Length)], ((MultipleOfOne * Strayed()) + Floor) * ours.Max(Math.Abs));
        }

        Report();
    }

    [Fact]
    public void Nothing_is_left_behind() => Assert.Equal(0, trace.LeakedTensors);

    // The largest part that a number of the reference's log strays by over the whole run.
    private double Strayed() => Names("log.").Max(name => Numbers("log." + name)
        .Zip(Numbers("log_f64." + name), (a, b) => a == b ? 0 : Math.Abs((a - b) / b)).Max());

    private void CheckAll(string what, double[] expected, double[] ours, double tolerance)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Check($"{what} [{k}]", expected[k], ours[k], tolerance);
        }
    }

    private void Check(string what, double expected, double ours, double tolerance)
    {
        double error = Math.Abs(ours - expected);
        if (!(error <= tolerance))
        {
            _failures.Add(string.Create(CultureInfo.InvariantCulture,
                $"{what}: {ours:g8} instead of {expected:g8}, off by {error:e1}, allowed {tolerance:e1}"));
        }
    }

    private void Report() => Assert.True(_failures.Count == 0, string.Join('\n', _failures));

    private static double[] Sums(float[] values) => [values.Sum(v => (double)v), values.Sum(v => Math.Abs((double)v))];

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

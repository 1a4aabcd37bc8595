using System.Globalization;
using System.Text.RegularExpressions;
using Retort.Recipes;
using Retort.Training.Schedules;

namespace Retort.Training.Tests.Schedules;

public class LearningRateScheduleTests
{
    private static readonly ScheduleOptions Options =
        new() { Epochs = 12, Steps = [8, 11], Gamma = 0.1, Warmup = new() { Iterations = 500, Ratio = 0.001 } };

    [Theory]
    [InlineData(0, 500, 0.01)]
    [InlineData(7, 8000, 0.01)]
    [InlineData(8, 9000, 0.001)]
    [InlineData(11, 12000, 0.0001)]
    public void Steps_down_after_the_given_epochs(int epoch, long iteration, double expected) =>
        Assert.Equal(expected, new LearningRateSchedule(0.01, Options).RateAt(epoch, iteration), 12);

    [Theory]
    [InlineData(0, 0.00001)]
    [InlineData(250, 0.005005)]
    [InlineData(499, 0.00998002)]
    public void Rises_in_a_straight_line(long iteration, double expected) =>
        Assert.Equal(expected, new LearningRateSchedule(0.01, Options).RateAt(0, iteration), 12);

    [Fact]
    public void Rises_to_the_rate_of_the_epoch_it_is_in() =>
        Assert.Equal(0.0005005, new LearningRateSchedule(0.01, Options).RateAt(8, 250), 12);

    [Theory]
    [InlineData(0, 0.0025)]
    [InlineData(499, 0.0025)]
    [InlineData(500, 0.01)]
    public void Stays_low_until_a_constant_warmup_ends(long iteration, double expected)
    {
        var warmup = new WarmupOptions { Type = WarmupKind.Constant, Iterations = 500, Ratio = 0.25 };
        Assert.Equal(expected, new LearningRateSchedule(0.01, Options with { Warmup = warmup }).RateAt(0, iteration), 12);
    }

    [Fact]
    public void Starts_with_the_full_rate_without_warmup() =>
        Assert.Equal(0.01, new LearningRateSchedule(0.01, Options with { Warmup = new() { Type = WarmupKind.None } }).RateAt(0, 0));

    [Theory]
    [InlineData(1000, 0.1, 100)]
    [InlineData(100_000, 0.1, 500)]
    [InlineData(1000, 0.0, 0)]
    [InlineData(1000, null, 500)]
    public void A_warm_up_may_be_limited_to_a_share_of_all_steps(long steps, double? share, long expected)
    {
        var schedule = new LearningRateSchedule(0.01, Options with
        {
            Warmup = new()
            {
                Iterations = 500,
                Ratio = 0.001,
                MaximumShare = share
            }
        }, steps);
        Assert.Equal(expected, schedule.WarmupSteps);
        Assert.Equal(0.01, schedule.RateAt(0, expected), 12);
        Assert.True(expected == 0 || schedule.RateAt(0, expected - 1) < 0.01);
    }

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("trace_gfl_r18")]
    [InlineData("trace_ld_r18_r50_finegrained")]
    [InlineData("trace_ld_r18_r50_gibox_noim")]
    public void Follows_the_reference(string trace)
    {
        var file = Golden.Read(trace);
        Match said =
            Regex.Match(file.Metadata["lr"],
            @"^(?<rate>\S+) with linear warm-up: lr_k = lr\*\(1-\(1-k/(?<steps>\d+)\)\*\(1-(?<ratio>[0-9.]+)\)\)");
        Assert.True(said.Success, $"the metadata 'lr' of {trace} is not understood: {file.Metadata["lr"]}");
        var warmup = new WarmupOptions
        {
            Iterations = int.Parse(said.Groups["steps"].Value, CultureInfo.InvariantCulture),
            Ratio = Number(said, "ratio")
        };
        var schedule = new LearningRateSchedule(Number(said, "rate"), new ScheduleOptions { Warmup = warmup });
        double[] expected = [.. file.Tensors["log.lr"].As<double>()];
        Assert.NotEmpty(expected);
        Assert.All(expected, (rate, k) => Assert.Equal(rate, schedule.RateAt(0, k), 1e-12 * rate));
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}

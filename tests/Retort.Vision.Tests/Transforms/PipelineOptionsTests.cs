using Retort.Core.Options;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Transforms;

public class PipelineOptionsTests
{
    private const int Draws = 4000;
    private static readonly ImageSize Original = new(640, 480);

    [Fact]
    public void One_scale_is_not_a_choice()
    {
        var options = new PipelineOptions { FlipProbability = 0 };
        Assert.All(Plans(options), g => Assert.Equal((new ImageSize(1067, 800), false, false),
            (g.Resized, g.FlipHorizontal, g.FlipVertical)));
    }

    [Fact]
    public void Value_mode_draws_each_listed_scale()
    {
        var options = new PipelineOptions { Scales = [new(1333, 640), new(1333, 800)], Mode = ScaleMode.Values };
        int[] heights = [.. Plans(options).Select(g => g.Resized.Height)];
        Assert.Equal([640, 800], heights.Distinct().Order());
        Assert.InRange(heights.Count(h => h == 640), Draws * 0.45, Draws * 0.55);
    }

    [Fact]
    public void Range_mode_draws_both_ends_and_what_is_between()
    {
        var options = new PipelineOptions { Scales = [new(1333, 480), new(1333, 500)], Mode = ScaleMode.Range };
        Assert.Equal(Enumerable.Range(480, 21), Plans(options).Select(g => g.Resized.Height).Distinct().Order());
    }

    // As the authors' code trains at several scales: long and short edge each a whole number, all as likely, whichever end is listed first.
    [Theory]
    [InlineData(480, 960)]
    [InlineData(960, 480)]
    [InlineData(800, 480)]
    public void Range_mode_is_uniform(int first, int second)
    {
        var options = new PipelineOptions { Scales = [new(1333, first), new(1333, second)], Mode = ScaleMode.Range };
        (int low, int high) = (Math.Min(first, second), Math.Max(first, second));
        int[] heights = [.. Plans(options).Select(g => g.Resized.Height)];
        Assert.All(heights, h => Assert.InRange(h, low, high));
        int eighth = (high - low + 1) / 8;
        int[] counts = [.. Enumerable.Range(0, 8).Select(k => heights.Count(h => h >= low + (k * eighth) && h < low + ((k + 1) * eighth)))];
        Assert.All(counts, n => Assert.InRange(n, Draws / 8 * 0.83, Draws / 8 * 1.17));
    }

    [Fact]
    public void Range_mode_draws_the_long_edge_by_itself()
    {
        var options = new PipelineOptions { Scales = [new(1000, 600), new(1333, 800)], Mode = ScaleMode.Range };
        ImageSize wide = new(3000, 300);
        int[] widths = [.. Enumerable.Range(0, Draws).Select(i => options.Plan(wide, new SampleRandom(0, 0, i)).Resized.Width)];
        Assert.Equal((1000, 1333), (widths.Min(), widths.Max()));
        Assert.InRange(widths.Average(), 1160, 1173);
    }

    [Fact]
    public void Flips_happen_as_often_as_asked_and_exclude_each_other()
    {
        var options = new PipelineOptions { FlipProbability = 0.25, FlipVerticalProbability = 0.25, FlipDiagonalProbability = 0.25 };
        var counts = Plans(options).CountBy(g => (g.FlipHorizontal, g.FlipVertical)).ToDictionary();
        Assert.Equal(4, counts.Count);
        Assert.All(counts.Values, n => Assert.InRange(n, Draws * 0.21, Draws * 0.29));
    }

    [Fact]
    public void Choices_depend_on_seed_epoch_and_index_only()
    {
        var options = new PipelineOptions { Scales = [new(1333, 300), new(1333, 800)], Mode = ScaleMode.Range };
        SampleGeometry Plan(long seed, long epoch, long index) => options.Plan(Original, new SampleRandom(seed, epoch, index));
        Assert.Equal(Plan(1, 2, 3), Plan(1, 2, 3));
        Assert.NotEqual(Plan(1, 2, 3), Plan(2, 2, 3));
        Assert.NotEqual(Plan(1, 2, 3), Plan(1, 3, 3));
        Assert.NotEqual(Plan(1, 2, 3), Plan(1, 2, 4));
    }

    [Fact]
    public void Evaluation_has_the_largest_scale_and_no_flips()
    {
        PipelineOptions options = new PipelineOptions { Scales = [new(1333, 800), new(1333, 480)], Mode = ScaleMode.Range }.ForEvaluation();
        Assert.All(Plans(options), g => Assert.Equal((800, false), (g.Resized.Height, g.FlipHorizontal)));
    }

    public static TheoryData<PipelineOptions, string> Wrong { get; } = new()
    {
        { new() { Scales = [] }, "scales" },
        { new() { Scales = [new(0, 800)] }, "scales" },
        { new() { FlipProbability = 1.5 }, "flipProbability" },
        { new() { FlipProbability = 0.6, FlipVerticalProbability = 0.6 }, "flipProbability" },
        { new() { FlipVerticalProbability = double.NaN }, "flipVerticalProbability" },
        { new() { Mean = [1, 2] }, "mean" },
        { new() { Std = [1, 0, 1] }, "std" },
        { new() { PadDivisor = 0 }, "padDivisor" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Values_outside_their_range_are_named(PipelineOptions options, string option)
    {
        OptionException error = Assert.Throws<OptionException>(() => OptionRules.Check(options));
        Assert.Equal(option, error.Option);
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    private static SampleGeometry[] Plans(PipelineOptions options) =>
        [.. Enumerable.Range(0, Draws).Select(i => options.Plan(Original, new SampleRandom(0, 0, i)))];
}

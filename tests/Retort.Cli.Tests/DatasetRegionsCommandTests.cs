using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

public sealed class DatasetRegionsCommandTests(TinyData data) : IClassFixture<TinyData>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CapturedCommand Regions(params string[] more) =>
        CapturedCommand.Run(["dataset", "regions", data.WriteRecipe(_folder.Path), .. more]);

    [Fact]
    public void Each_region_is_counted_over_the_images_and_drawn_in_the_first()
    {
        string sheet = Path.Combine(_folder.Path, "sheet.png");
        CapturedCommand shown = Regions("--count", "5", "--drawn", "2", "--output", sheet);
        Assert.Equal(0, shown.Code);
        string[] lines = shown.Output.Split('\n');
        Assert.Equal(["region", "priors", "an", "object", "P3", "(/8)", "P4", "(/16)", "P5", "(/32)"], Words(lines[0]));
        int[] main = [.. Words(lines[2])[1..].Where(w => !w.Contains('.')).Select(int.Parse)];
        int[] valuable = [.. Words(lines[3])[1..].Where(w => !w.Contains('.')).Select(int.Parse)];
        Assert.Equal(("main", "valuable-localization"), (Words(lines[2])[0], Words(lines[3])[0]));
        Assert.All([main, valuable], counts => Assert.Equal(counts[0], counts[1..].Sum()));
        Assert.True(main[0] > 0 && valuable[0] > main[0]);
        Assert.Matches(@"^\d+ objects, none without a positive prior$", lines[4]);
        Assert.Matches(@"^overlap of an object with the best of its positives: median 0\.\d\d, one in ten below 0\.\d\d$", lines[5]);
        Assert.Equal($"{sheet}: 2 images with the cells of each region; the coarser the level, the larger the dot", lines[6]);

        // Two rows of square pictures below a heading: the objects and two regions, 420 pixels wide each.
        using Image picture = ImageDecoder.Decode(sheet);
        Assert.Equal((10 + (3 * 430), 26 + 10 + (2 * (420 + 26 + 10))), (picture.Width, picture.Height));
    }

    [Fact]
    public void Objects_that_are_too_small_for_the_anchors_are_counted()
    {
        CapturedCommand shown = Regions(
            "--output", Path.Combine(_folder.Path, "sheet.jpg"), "--set", "model.assigner={type: max-iou, leastIou: 0.45}", "--set",
                "model.priors.octaveBaseScale=30");
        Assert.Equal(0, shown.Code);
        Assert.Matches(@"(\d+) of \1 objects without a positive prior, so that they are not learned: their longer sides have a median of \d+ and at most \d+ pixels in the network's input\n[^o]", shown.Output);
    }

    [Theory]
    [InlineData("the recipe has no 'data.val' to show", "--val", "--set", "data.val=null")]
    [InlineData("x.gif", "--output", "x.gif")]
    [InlineData("--drawn is '0'; it must be a whole number from 1 to 100.", "--drawn", "0")]
    [InlineData("gone.json: the annotation file does not exist", "--set", "data.train.annotations=gone.json")]
    public void What_cannot_be_shown_is_refused(string expected, params string[] more)
    {
        CapturedCommand shown = Regions(more);
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Contains(expected, shown.Error);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

public sealed class DatasetSynthCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_drawn_passes_the_check_and_can_be_browsed()
    {
        CapturedCommand drawn = CapturedCommand.Run("dataset", "synth", _folder.Path, "--train", "5", "--val", "2", "--width", "64",
            "--height", "48");
        Assert.Equal(0, drawn.Code);
        Assert.Matches(
            @"^\S+: 7 images with \d+ objects of \d classes \(.+\)\nto train on: \S+instances_train.json with \S+\nto measure with: ",
            drawn.Output);
        string recipe = Path.Combine(Repository.Root, "recipes/demo/student.yaml");
        CapturedCommand check = CapturedCommand.Run("dataset", "check", recipe, "--set", $"data.root={_folder.Path}");
        Assert.Equal(0, check.Code);
        Assert.Contains("  5 images, 64 x 48 pixels, ", check.Output);
        string sheet = Path.Combine(_folder.Path, "sheet.png");
        CapturedCommand browse = CapturedCommand.Run("dataset", "browse", recipe, "--val", "--set", $"data.root={_folder.Path}", "--output",
            sheet, "--columns", "2");
        Assert.Equal($"{sheet}: 2 of the 2 images of instances_val with their boxes\n", browse.Output);
        using Image picture = ImageDecoder.Decode(sheet);
        Assert.Equal(10 + (2 * (480 + 10)), picture.Width);
    }

    [Fact]
    public void A_picture_that_cannot_be_written_is_the_persons_to_mend()
    {
        // Where the first picture should be there is a folder.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "images", "train", "000001.jpg", "in the way"));
        CapturedCommand shown = CapturedCommand.Run("dataset", "synth", _folder.Path, "--train", "5", "--val", "2", "--width", "64",
            "--height", "48");
        Assert.True(shown.Code == 2, shown.Error);
        Assert.DoesNotContain("AggregateException", shown.Error);
    }

    [Theory]
    [InlineData("--difficulty is '2'; it must be a number from 0 to 1", "dataset", "synth", "x", "--difficulty", "2")]
    [InlineData("--train is '0'; it must be a whole number of at least 1.", "dataset", "synth", "x", "--train", "0")]
    [InlineData("--count is '0'; it must be a whole number from 1 to 1000.", "dataset", "browse", "demo/student", "--count", "0")]
    public void What_cannot_be_is_refused(string expected, params string[] arguments)
    {
        CapturedCommand shown = CapturedCommand.Run(arguments);
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Contains(expected, shown.Error);
    }
}

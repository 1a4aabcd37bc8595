using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

public sealed class DatasetBrowseCommandTests(TinyData data) : IClassFixture<TinyData>, IDisposable
{
    private const int Gap = 10;
    private const int Cell = 480 + Gap;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CapturedCommand Browse(params string[] more) =>
        CapturedCommand.Run(["dataset", "browse", data.WriteRecipe(_folder.Path), .. more]);

    [Fact]
    public void As_many_images_as_asked_for_in_as_many_columns()
    {
        string sheet = Path.Combine(_folder.Path, "sheet.png");
        CapturedCommand shown = Browse("--count", "5", "--columns", "3", "--output", sheet);
        Assert.Equal((0, $"{sheet}: 5 of the 12 images of instances_train with their boxes\n"), (shown.Code, shown.Output));
        using Image picture = ImageDecoder.Decode(sheet);
        Assert.Equal(Gap + (3 * Cell), picture.Width);
        Assert.Equal(0, Browse("--count", "5", "--columns", "3", "--val", "--output", sheet).Code);
        using Image val = ImageDecoder.Decode(sheet);
        Assert.True(val.Height == picture.Height, "four images and five are two rows of three");
    }

    [Fact]
    public void A_union_is_shown_as_one()
    {
        const string Union = "{annotations: null, images: null, union: [{annotations: annotations/instances_train.json, images: "
            + "images/train}, {annotations: annotations/instances_val.json, images: images/val}]}";
        CapturedCommand shown = Browse("--count", "2", "--output", Path.Combine(_folder.Path, "sheet.jpg"), "--set", $"data.train={Union}");
        Assert.Contains("2 of the 16 images of instances_train+instances_val with their boxes", shown.Output);
    }

    [Theory]
    [InlineData("the recipe has no 'data.val' to show", "--val", "--set", "data.val=null")]
    [InlineData("x.gif", "--output", "x.gif")]
    [InlineData("nowhere", "--output", "nowhere/x.png")]
    [InlineData("--columns is '0'; it must be a whole number from 1 to 1000.", "--columns", "0")]
    [InlineData("gone.json: the annotation file does not exist", "--set", "data.train.annotations=gone.json")]
    public void What_cannot_be_shown_is_refused(string expected, params string[] more)
    {
        CapturedCommand shown = Browse(more);
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Contains(expected, shown.Error);
    }
}

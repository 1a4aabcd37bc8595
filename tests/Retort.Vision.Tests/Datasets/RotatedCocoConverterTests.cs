using Retort.Core.Geometry;
using Retort.Vision.Datasets;

namespace Retort.Vision.Tests.Datasets;

public sealed class RotatedCocoConverterTests : IDisposable
{
    private const string Image = """{"id": 1, "file_name": "a.jpg", "width": 100, "height": 80}""";
    private const string Category = """{"id": 3, "name": "ship"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Box(string numbers, string more = "") =>
        $$"""{"id": 7, "image_id": 1, "category_id": 3, "bbox": [{{numbers}}]{{more}}}""";

    private IReadOnlyList<DotaLabels> Convert(
        string annotations, AngleUnit unit = AngleUnit.Radians, string images = Image, string categories =
        Category, DatasetProblems? problems = null) =>
        RotatedCocoConverter.ToDota(
            _folder.Write("gt.json", $$"""{"images": [{{images}}], "categories": [{{categories}}], "annotations": [{{annotations}}]}"""),
            unit, problems);

    private string Refusal(string annotations, AngleUnit unit = AngleUnit.Radians, string images = Image, string categories = Category)
    {
        string message = Assert.Throws<DatasetException>(() => Convert(annotations, unit, images, categories)).Message;
        Assert.StartsWith(_folder.File("gt.json"), message);
        return message;
    }

    // A quarter of a turn with the clock brings the upper left corner to the upper right.
    [Theory]
    [InlineData(AngleUnit.Radians, "1.5707963267948966")]
    [InlineData(AngleUnit.Degrees, "90")]
    [InlineData(AngleUnit.Degrees, "-270")]
    public void Corners_follow_the_angle_with_the_clock(AngleUnit unit, string angle)
    {
        DotaLabels labels = Assert.Single(Convert(Box($"50, 40, 20, 10, {angle}"), unit));
        Assert.Equal(("a", "ship"), (labels.Name, labels.Objects.Single().ClassName));
        Assert.Equal([55, 30, 55, 50, 45, 50, 45, 30], labels.Objects.Single().Polygon.Select(c => Math.Round(c, 9)));
        DotaWriter.Write([labels], _folder.File("labelTxt"));
        Assert.Equal("55.0 30.0 55.0 50.0 45.0 50.0 45.0 30.0 ship 0\n", File.ReadAllText(_folder.File("labelTxt/a.txt")));
    }

    [Fact]
    public void Folders_stay_images_without_objects_have_an_empty_file_and_crowds_are_difficult()
    {
        IReadOnlyList<DotaLabels> labels = Convert(
            Box("50, 40, 20, 10, 0", ", \"iscrowd\": 1") + "," + Box("50, 40, 20, 10, 0", ", \"difficult\": true"),
            images: Image.Replace("a.jpg", "train/a.jpg") + """, {"id": 2, "file_name": "b.c.png", "width": 10, "height": 10}""");
        Assert.Equal(["train/a", "b.c"], labels.Select(l => l.Name));
        Assert.Equal([1, 1], labels[0].Objects.Select(o => o.Difficulty));
        Assert.Empty(labels[1].Objects);

        DotaWriter.Write(labels, _folder.File("labelTxt"));
        DotaDataset read = DotaDataset.Read(_folder.File("labelTxt"), _folder.Path,
            options: new DatasetReadOptions { CheckImageFiles = false });
        Assert.Equal(["b.c.jpg", "train/a.jpg"], Enumerable.Range(0, read.Count)
            .Select(i => Path.GetRelativePath(_folder.Path, read[i].Path)));
        Assert.Equal(["ship"], read.ClassNames);
    }

    [Fact]
    public void Names_that_are_not_COCOs_are_understood()
    {
        string file = _folder.Write("gt.json", $$"""{"images": [{{Image.Replace("file_name", "filename")}}], "categories": [{{Category}}], "annotation": [{{Box("50, 40, 20, 10, 0")}}]}""");
        Assert.Single(RotatedCocoConverter.ToDota(file, AngleUnit.Radians).Single().Objects);
        Assert.Throws<DatasetException>(() => CocoDataset.Read(file, _folder.Path, new DatasetReadOptions { CheckImageFiles = false }));
    }

    [Theory]
    [InlineData("50, 40, 0, 10, 0", "annotations[0] (id 7): the box is 0 wide and 10 high; both must be above 0")]
    [InlineData("50, 40, 20, -10, 0", "annotations[0] (id 7): the box is 20 wide and -10 high")]
    [InlineData("50, 40, 20, 10", "annotations[0] (id 7): the annotation needs `image_id`, `category_id` (whole numbers) and `bbox` "
        + "(five numbers: centre x, centre y, width, height, angle)")]
    [InlineData("50, 40, 20, 10, 0, 0", "(five numbers")]
    [InlineData("50, 40, 20, 10, \"0\"", "(five numbers")]
    [InlineData("50, 40, 20, 10, null", "(five numbers")]
    [InlineData("50, 40, 20, 10, NaN", "line 1, byte", "NaN or Infinity is not a JSON number")]
    [InlineData("50, 40, 20, 10, Infinity", "NaN or Infinity is not a JSON number")]
    [InlineData("50, 40, 20, 10, 1e999", "annotations[0] (id 7): the angle", "more than a full turn in radians")]
    [InlineData("50, 40, 20, 10, 30.9", "the angle 30.9 is more than a full turn in radians", "--angle-unit degrees")]
    [InlineData("1e300, 40, 20, 10, 0", "annotations[0] (id 7): a corner of the box is not a finite number")]
    [InlineData("50, 40, 1e999, 10, 0", "a corner of the box is not a finite number")]
    public void A_box_that_cannot_be_is_named_with_its_place(string numbers, params string[] expected)
    {
        string message = Refusal(Box(numbers));
        Assert.All(expected, part => Assert.Contains(part, message));
    }

    [Fact]
    public void Ids_that_are_not_there_or_there_twice_are_named()
    {
        string box = Box("50, 40, 20, 10, 0");
        Assert.Contains("annotations[0] (id 7): there is no usable image with the id 5",
            Refusal(box.Replace("\"image_id\": 1", "\"image_id\": 5")));
        Assert.Contains("annotations[0] (id 7): the category id 5 is not among the file's categories",
            Refusal(box.Replace("\"category_id\": 3", "\"category_id\": 5")));
        Assert.Contains("images[1] (id 1): the image id 1 is there twice",
            Refusal(box, images: Image + "," + Image.Replace("a.jpg", "b.jpg")));
        Assert.Contains("images[1] (id 2): a second image is called 'a'",
            Refusal(box, images: Image + "," + Image.Replace("\"id\": 1", "\"id\": 2").Replace("a.jpg", "x/../a.png")));
        Assert.Contains("the category id 3 is there twice ('ship' and 'boat')",
            Refusal(box, categories: Category + "," + Category.Replace("ship", "boat")));
        Assert.Contains("the class name 'big ship' has a blank", Refusal(box, categories: Category.Replace("ship", "big ship")));
        Assert.Contains("there is no annotation", Refusal(""));
        Assert.Contains("there is no image", Refusal("", images: ""));
    }

    [Theory]
    [InlineData("../a.jpg")]
    [InlineData("/etc/a.jpg")]
    [InlineData("x/../../a.jpg")]
    [InlineData("")]
    [InlineData(".jpg")]
    [InlineData("x/.jpg")]
    public void File_names_that_lead_out_of_the_folder_are_refused(string name) =>
        Assert.Contains($"images[0] (id 1): the file name '{name}' is empty or leads out of the folder",
            Refusal(Box("50, 40, 20, 10, 0"), images: Image.Replace("a.jpg", name)));

    [Fact]
    public void Degrees_that_look_like_radians_are_warned_of()
    {
        DatasetProblems problems = new();
        Convert(Box("50, 40, 20, 10, 1.57"), AngleUnit.Degrees, problems: problems);
        Assert.Contains("no angle is above 1.57 degrees", problems.Items.Single().ToString());
        Convert(Box("50, 40, 20, 10, 0") + "," + Box("50, 40, 20, 10, 30"), AngleUnit.Degrees, problems: problems);
        Assert.Equal(1, problems.Warnings);
    }
}

using Retort.Core.Geometry;

namespace Retort.Cli.Tests;

public sealed class DatasetCheckCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private const string Box = """{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0}""";

    private CapturedCommand Check(string annotations, params string[] more)
    {
        _folder.Write("gt.json", $$"""
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 200, "height": 100}, {"id": 2, "file_name": "b.jpg", "width": 200, "height": 100}],
             "categories": [{"id": 7, "name": "cat"}], "annotations": [{{annotations}}]}
            """);
        _folder.Write("i/a.jpg", "");
        _folder.Write("i/b.jpg", "b");
        string recipe = _folder.Write("recipe.yaml", $"data: {{root: {_folder.Path}, train: {{annotations: gt.json, images: i}}}}\n");
        return CapturedCommand.Run(["dataset", "check", recipe, .. more]);
    }

    [Fact]
    public void Objects_are_counted_by_class_and_size()
    {
        CapturedCommand shown = Check("""{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0},{"id": 2, "image_id": 1, "category_id": 7, "bbox": [0, 0, 100, 100], "area": 10000, "iscrowd": 0}""", "--no-decode");
        Assert.Equal(0, shown.Code);
        Assert.EndsWith(
            """
              2 images, 200 x 100 pixels, 1 without objects
              2 objects: 1 small (below 32x32), 0 medium, 1 large (from 96x96); 0 crowds, 0 difficult
              class   objects   images
            ────────────────────────────
              cat           2        1
            Training can use this data.

            """,
            shown.Output);
    }

    [Fact]
    public void An_image_that_cannot_be_decoded_is_an_error()
    {
        CapturedCommand shown = Check("""{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0}""");
        Assert.Equal(2, shown.Code);
        Assert.Matches("error: .*a.jpg: the image cannot be read", shown.Output);
        Assert.Contains("decoding", shown.Error);
    }

    [Fact]
    public void A_dropped_box_is_a_warning_or_an_error_as_wanted()
    {
        const string Boxes = """{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0},{"id": 2, "image_id": 1, "category_id": 7, "bbox": [5, 5, 0, 0], "area": 0, "iscrowd": 0}""";
        CapturedCommand shown = Check(Boxes, "--no-decode");
        Assert.Equal(0, shown.Code);
        Assert.Contains("  warning: ", shown.Output);
        Assert.Contains("annotations[1]", shown.Output);
        CapturedCommand strict = Check(Boxes, "--strict", "--no-decode");
        Assert.Equal(2, strict.Code);
        Assert.EndsWith("Training cannot use this data: 1 error.\n", strict.Output);
    }

    [Fact]
    public void A_class_that_is_not_there_is_an_error()
    {
        CapturedCommand shown = Check("""{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0}""",
            "--set", "data.classes=[cow]", "--no-decode");
        Assert.Equal(2, shown.Code);
        Assert.Contains("cow", shown.Output + shown.Error);
    }

    [Theory]
    [InlineData("JPEGImages", "own-data/voc/student --set data.root=")]
    [InlineData("labels", "own-data/yolo/student --set data.root=")]
    [InlineData("train/labels", "own-data/yolo/student --set data.root=")]
    [InlineData("labelTxt", "own-data/dota/student --set data.root=")]
    [InlineData("images", "own-data/student --set data.root=")]
    public void A_folder_in_place_of_a_recipe_is_answered_with_what_to_write(string sub, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, sub));
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "check", _folder.Path), "this is a folder", expected + _folder.Path);
    }

    [Theory]
    [InlineData("annotations/all.json", "data.train.annotations=annotations/all.json", "")]
    [InlineData("gt/all.json", "data.train.annotations=all.json", "gt")]
    public void Annotations_in_place_of_a_recipe_are_answered_with_what_to_write(string file, string expected, string root) =>
        TrainCommandTests.Refused(
            CapturedCommand.Run("dataset", "check", _folder.Write(file, "{}")), "this is a JSON file", expected,
                $"data.root={Path.TrimEndingDirectorySeparator(Path.Combine(_folder.Path, root))} ");

    [Fact]
    public void A_missing_annotation_file_is_answered_with_those_that_are_there()
    {
        _folder.Write("annotations/instances_train.json", "{}");
        string recipe = Path.Combine(Repository.Root, "recipes/own-data/student.yaml");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "images"));
        TrainCommandTests.Refused(
            CapturedCommand.Run("dataset", "check", recipe, "--set", $"data.root={_folder.Path}"),
                "annotations/train.json: the annotation file does not exist", "there is instances_train.json", "data.train.annotations");
    }

    [Fact]
    public void What_training_would_refuse_is_an_error()
    {
        CapturedCommand outside =
            Check("""{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 0.5, 0.5], "area": 0.25, "iscrowd": 0}""", "--no-decode");
        Assert.Equal(2, outside.Code);
        Assert.Contains("error: gt: there is no image to make a batch of (2 images with 0 objects that can be used)", outside.Output);

        _folder.Write("val.json", """
            {"images": [{"id": 1, "file_name": "b.jpg", "width": 200, "height": 100}], "categories": [{"id": 8, "name": "dog"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 8, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0}]}
            """);
        CapturedCommand classes = Check(Box, "--no-decode", "--set", "data.val={annotations: val.json, images: i}");
        Assert.Equal(2, classes.Code);
        Assert.Contains("the data set has no class 'cat'", classes.Output);
        Assert.EndsWith("Training cannot use this data: 1 error.\n", classes.Output);
    }

    [Fact]
    public void Pictures_that_are_there_twice_are_told()
    {
        _folder.Write("val.json", """
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 200, "height": 100}, {"id": 2, "file_name": "copy.jpg", "width": 200, "height": 100}],
             "categories": [{"id": 7, "name": "cat"}], "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0}]}
            """);
        _folder.Write("i/copy.jpg", "b");
        string[] both = ["--set", "data.val={annotations: val.json, images: i}"];
        CapturedCommand paths = Check(Box, ["--no-decode", .. both]);
        Assert.Equal(0, paths.Code);
        Assert.Contains("a.jpg, data.train and data.val: the picture is in both. ", paths.Output);
        Assert.DoesNotContain("copy.jpg", paths.Output);
        CapturedCommand strict = Check(Box, ["--no-decode", "--strict", .. both]);
        Assert.EndsWith("Training cannot use this data: 1 error.\n", strict.Output);
        Assert.Matches(@"warning: .*copy\.jpg, data\.train and data\.val: the same picture as .*b\.jpg\.", Check(Box, both).Output);
    }

    [Fact]
    public void Blood_cells_can_be_trained_on_without_their_two_empty_boxes()
    {
        string root = Repository.SharedOrSkip("data/bccd");
        CapturedCommand shown = CapturedCommand.Run("dataset", "check", Path.Combine(Repository.Root, "recipes/bccd/yardstick.yaml"),
            "--set", $"data.root={root}");
        Assert.Equal(0, shown.Code);
        Assert.Contains("data.train: bccd/train\n  205 images, 640 x 480 pixels, 0 without objects, 205 decoded\n", shown.Output);
        Assert.Contains("data.val: bccd/val\n  87 images", shown.Output);
        Assert.Contains("BloodImage_00343.xml", shown.Output);
        Assert.Contains("BloodImage_00338.xml", shown.Output);
    }
}

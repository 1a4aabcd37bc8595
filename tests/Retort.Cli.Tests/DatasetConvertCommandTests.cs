namespace Retort.Cli.Tests;

public sealed class DatasetConvertCommandTests(TinyData data) : IDisposable, IClassFixture<TinyData>
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);

    private CapturedCommand ToVoc(string part, params string[] more) =>
        Convert(Path.Combine(data.Folder, "annotations", $"instances_{part}.json"), part, more);

    private CapturedCommand Convert(string file, string part, params string[] more) => CapturedCommand.Run(
        ["dataset", "convert", "coco-to-voc", file, In("voc"), "--images", Path.Combine(data.Folder, "images", part), "--split", part,
            .. more]);

    private CapturedCommand ToCoco(string file, params string[] more) =>
        CapturedCommand.Run(["dataset", "convert", "voc-to-coco", In("voc"), In(file), .. more]);

    [Fact]
    public void There_and_back_is_the_same_data_set()
    {
        CapturedCommand there = ToVoc("train");
        Assert.True(there.Code == 0, there.Error);
        Assert.Matches(@"^\S+voc: 12 images with \d+ objects of \d classes in the split train\n$", there.Output);
        CapturedCommand back = ToCoco("train.json", "--split", "train");
        Assert.True(back.Code == 0, back.Error);
        Directory.Delete(In("voc"), recursive: true);
        Assert.Equal(0, Convert(In("train.json"), "train", "--link").Code);
        Assert.Equal(0, ToCoco("again.json", "--split", "train").Code);
        Assert.Equal(File.ReadAllText(In("train.json")), File.ReadAllText(In("again.json")));
        const string Part = "{split: train, annotations: null, images: null}";
        CapturedCommand check = CapturedCommand.Run(
            "dataset", "check", data.WriteRecipe(_folder.Path), "--set", "data.format=voc", "--set", $"data.root={In("voc")}", "--set",
                $"data.train={Part}", "--set", $"data.val={Part}");
        Assert.True(check.Code == 0, check.Output + check.Error);
    }

    [Fact]
    public void A_split_whose_images_are_called_alike_does_not_replace_the_other()
    {
        Assert.Equal(0, ToVoc("train").Code);
        TrainCommandTests.Refused(ToVoc("val", "--force"), In("voc"), "another split of the folder has another image called",
            "'union' in a recipe");
        Assert.Equal(["train.txt"], Directory.GetFiles(In("voc/ImageSets/Main")).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void What_is_there_is_not_replaced_without_being_asked_for()
    {
        Assert.Equal(0, ToVoc("val").Code);
        TrainCommandTests.Refused(ToVoc("val"), In("voc"), "the folder is not empty", "--force");
        _folder.Write("gt.json", "mine");
        TrainCommandTests.Refused(ToCoco("gt.json", "--split", "val"), In("gt.json"), "the file exists", "--force");
        Assert.Equal("mine", File.ReadAllText(In("gt.json")));
        Assert.Equal(0, ToCoco("gt.json", "--split", "val", "--force").Code);
        Assert.NotEqual("mine", File.ReadAllText(In("gt.json")));
    }

    [Fact]
    public void Bad_input_leaves_nothing_behind()
    {
        TrainCommandTests.Refused(ToCoco("gt.json", "--split", "val"), "Annotations: the folder does not exist");
        Assert.Equal(0, ToVoc("val").Code);
        TrainCommandTests.Refused(ToCoco("gt.json", "--split", "test"), "test.txt: there is no such split", "Known: val");
        File.Delete(Directory.GetFiles(In("voc/Annotations"))[0]);
        TrainCommandTests.Refused(ToCoco("gt.json", "--split", "val"), "the annotation file does not exist");
        TrainCommandTests.Refused(
            CapturedCommand.Run("dataset", "convert", "coco-to-voc", _folder.Write("cut.json", "{\"images\": ["), In("new"), "--images",
                data.Folder, "--split", "x"), "cut.json", "cut off");
        Assert.False(Path.Exists(In("gt.json")));
        Assert.False(Path.Exists(In("new")));
    }

    [Fact]
    public void Rotated_boxes_of_a_JSON_file_become_label_files_or_nothing()
    {
        string Json(string box) => $$"""
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 80}], "categories": [{"id": 0, "name": "ship"}],
             "annotations": [{"id": 4, "image_id": 1, "category_id": 0, "bbox": {{box}}}]}
            """;
        string file = _folder.Write("gt.json", Json("[50, 40, 20, 10, 180]"));
        string[] command = ["dataset", "convert", "coco-rotated-to-dota", file, "--output", In("new/labelTxt"), "--angle-unit"];
        TrainCommandTests.Refused(CapturedCommand.Run([.. command, "radians"]), "gt.json, annotations[0] (id 4)", "--angle-unit degrees");
        Assert.False(Path.Exists(In("new")));
        CapturedCommand converted = CapturedCommand.Run([.. command, "degrees"]);
        Assert.True(converted.Code == 0, converted.Error);
        Assert.Equal($"{In("new/labelTxt")}: 1 object in 1 label file\n", converted.Output);
        Assert.Equal("60.0 45.0 40.0 45.0 40.0 35.0 60.0 35.0 ship 0\n", File.ReadAllText(In("new/labelTxt/a.txt")));
        TrainCommandTests.Refused(CapturedCommand.Run([.. command, "degrees"]), In("new/labelTxt"), "the folder is not empty", "--force");
        Assert.Equal(0, CapturedCommand.Run([.. command, "degrees", "--force"]).Code);
        Assert.NotEqual(0, CapturedCommand.Run([.. command, "turns"]).Code);
    }

    // Before anything is read: the labels are not there either.
    [Fact]
    public void A_place_that_cannot_be_written_is_told_first()
    {
        string place = Path.Combine(_folder.Write("file", ""), "labelTxt");
        TrainCommandTests.Refused(
            CapturedCommand.Run("dataset", "convert", "yolo-obb-to-dota", In("none"), place, "--images", In("none"), "--classes",
                In("none")), "there is a file of this name");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "convert", "coco-rotated-to-dota", In("none"), "--output", place,
            "--angle-unit", "degrees"), "there is a file of this name");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "convert", "coco-to-voc", In("none"), place, "--images", In("none"),
            "--split", "x"), "there is a file of this name");
    }
}

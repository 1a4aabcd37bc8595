using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

/// <summary>From label files of the YOLO family without a division to data that can be trained on, and the other layouts.</summary>
public sealed class DatasetDivideCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string At(string name) => Path.Combine(_folder.Path, name);

    private static CapturedCommand Succeeded(params string[] arguments)
    {
        CapturedCommand run = CapturedCommand.Run(arguments);
        Assert.True(run.Code == 0, run.Error);
        return run;
    }

    private void WriteYolo(string names)
    {
        Directory.CreateDirectory(At("images"));
        _folder.Write("data.yaml", names);
        foreach (int k in Enumerable.Range(0, 10))
        {
            using var image = new Image(40, 20);
            ImageEncoder.Write(At($"images/film{k / 2}_{k}.png"), image);
            _folder.Write($"labels/film{k / 2}_{k}.txt", $"{k % 2} 0.5 0.5 0.5 0.5\n");
        }
    }

    [Theory]
    [InlineData("nc: 2\nnames: [cat, dog]\n")]
    [InlineData("train: images\nnames:\n  0: cat\n  1: dog\n")]
    public void Labels_of_YOLO_are_divided_checked_and_converted(string names)
    {
        WriteYolo(names);
        CapturedCommand divided = Succeeded("dataset", "divide", At("labels"), "--share", "0.2", "--together", "^film[0-9]+");
        Assert.Matches("train.txt: 8 images\n.*val.txt: 2 images\n", divided.Output);
        string[] val = File.ReadAllLines(At("ImageSets/val.txt"));
        Assert.Equal(val[0].Split('_')[0], val[1].Split('_')[0]);
        string recipe = Path.Combine(Repository.Root, "recipes/own-data/yolo/student.yaml");
        string[] set = ["data.train={annotations: labels, images: images, split: ImageSets/train.txt}", "data.val={annotations: labels, images: images, split: ImageSets/val.txt}", $"data.root={_folder.Path}"];
        CapturedCommand check = Succeeded(["dataset", "check", recipe, .. set.SelectMany(s => new[] { "--set", s })]);
        Assert.Contains("data.train: labels/train\n  8 images, 40 x 20 pixels, 0 without objects, 8 decoded\n", check.Output);
        Assert.Matches("cat +1 +1\n +dog +1 +1\n", check.Output[check.Output.IndexOf("data.val", StringComparison.Ordinal)..]);

        string json = At("all.json");
        Assert.Contains("10 images with 10 objects of 2 classes", Succeeded("dataset", "convert", "yolo-to-coco", At("labels"), json, "--images", At("images"), "--classes", At("data.yaml")).Output);
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "convert", "yolo-to-coco", At("labels"), json, "--images", At("images"), "--classes", At("data.yaml")), "--force");
        Assert.Matches("train.json: 7 images\n.*val.json: 3 images\n", Succeeded("dataset", "divide", json, "--share", "0.3").Output);
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", json), "train.json: the file exists", "--force");
        CapturedCommand coco = Succeeded(
            "dataset", "check", Path.Combine(Repository.Root, "recipes/own-data/student.yaml"), "--set", $"data.root={_folder.Path}", "--set", "data.train.annotations=train.json", "--set", "data.val.annotations=val.json");
        Assert.Contains("7 images, 40 x 20 pixels", coco.Output);
    }

    [Fact]
    public void A_VOC_folder_gets_its_lists_and_rotated_labels_DOTAs_form()
    {
        foreach (int k in Enumerable.Range(0, 5))
        {
            _folder.Write($"voc/Annotations/{k}.xml", "<annotation/>");
        }

        Succeeded("dataset", "divide", At("voc"));
        Assert.Equal((4, 1), (File.ReadAllLines(At("voc/ImageSets/Main/train.txt")).Length, File.ReadAllLines(At("voc/ImageSets/Main/val.txt")).Length));

        WriteYolo("names: [cat, dog]\n");
        foreach (string file in Directory.GetFiles(At("labels")))
        {
            File.WriteAllText(file, "1 0.25 0.5 0.5 0.25 0.75 0.5 0.5 0.75\n");
        }

        Assert.Contains(
            "10 objects in 10 label files", Succeeded("dataset", "convert", "yolo-obb-to-dota", At("labels"), At("labelTxt"), "--images", At("images"), "--classes", At("data.yaml")).Output);
        Assert.Equal("10.0 10.0 20.0 5.0 30.0 10.0 20.0 15.0 dog 0\n", File.ReadAllText(At("labelTxt/film0_0.txt")));
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("images")), "neither a JSON file of COCO's format");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("labels"), "--together", "("), "--together is no regular expression");
    }

    [Theory]
    [InlineData("nc: 2\n", "there is no list 'names'")]
    [InlineData("names: []\n", "no class names")]
    [InlineData("names: {0: cat, 2: dog}\n", "no name for the index 1")]
    [InlineData("names: [cat, cat]\n", "the class 'cat' stands there twice")]
    [InlineData("names: {cat: 0}\n", "data.yaml:1: 'cat' is no index")]
    public void A_file_of_names_that_cannot_be_is_named(string names, string expected)
    {
        WriteYolo(names);
        TrainCommandTests.Refused(
            CapturedCommand.Run("dataset", "convert", "yolo-to-coco", At("labels"), At("x.json"), "--images", At("images"), "--classes", At("data.yaml")), "data.yaml", expected);
    }
}

using System.Diagnostics;
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

    // Runs the command that the division ends with, as a shell would, with the recipes of this checkout.
    private static CapturedCommand Told(CapturedCommand divided)
    {
        string line = divided.Error.Split('\n').Single(l => l.StartsWith("  retort dataset check ", StringComparison.Ordinal));
        return Succeeded([.. line.Trim().Split(' ')[1..].Select(word => word.StartsWith("own-data/", StringComparison.Ordinal)
            ? Path.Combine(Repository.Root, "recipes", word + ".yaml") : word.Trim('\''))]);
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
        CapturedCommand check = Told(divided);
        Assert.Contains("data.train: labels/train\n  8 images, 40 x 20 pixels, 0 without objects, 8 decoded\n", check.Output);
        Assert.Matches("cat +1 +1\n +dog +1 +1\n", check.Output[check.Output.IndexOf("data.val", StringComparison.Ordinal)..]);

        string json = At("all.json");
        Assert.Contains("10 images with 10 objects of 2 classes", Succeeded("dataset", "convert", "yolo-to-coco", At("labels"), json,
            "--images", At("images"), "--classes", At("data.yaml")).Output);
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "convert", "yolo-to-coco", At("labels"), json, "--images", At("images"),
            "--classes", At("data.yaml")), "--force");
        CapturedCommand ofJson = Succeeded("dataset", "divide", json, "--share", "0.3");
        Assert.Matches("train.json: 7 images\n.*val.json: 3 images\n", ofJson.Output);
        Assert.Contains("7 images, 40 x 20 pixels", Told(ofJson).Output);
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", json), "train.json: the file exists", "--force");
    }

    [Fact]
    public void Images_without_a_label_file_are_divided_too()
    {
        WriteYolo("names: [cat, dog]\n");
        File.Delete(At("labels/film0_0.txt"));
        CapturedCommand divided = Succeeded("dataset", "divide", At("labels"));
        Assert.Matches("train.txt: 8 images\n.*val.txt: 2 images\n", divided.Output);
        Assert.DoesNotContain("warning", divided.Error);
        Assert.Contains("data.train.annotations=labels --set data.train.images=images --set data.train.split=ImageSets/train.txt",
            divided.Error);
        Assert.Contains("1 without objects", Told(divided).Output);

        Directory.Move(At("images"), At("pictures"));
        CapturedCommand alone = Succeeded("dataset", "divide", At("labels"), "--force");
        Assert.Contains("there is no folder 'images' beside these label files", alone.Error);
        Assert.Contains("data.train.images=IMAGES", alone.Error);
        Assert.Matches("train.txt: 7 images\n.*val.txt: 2 images\n", alone.Output);
        CapturedCommand named = Succeeded("dataset", "divide", At("labels"), "--force", "--images", At("pictures"));
        Assert.Matches("train.txt: 8 images\n.*val.txt: 2 images\n", named.Output);
        Assert.Contains("data.train.images=pictures", named.Error);
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("labels"), "--force", "--images", At("none")),
            "none: the folder of images does not exist", "--images");
    }

    [Theory]
    [InlineData("labels/train", "images/train",
        "data.train.annotations=labels/train --set data.train.images=images/train --set data.train.split=labels/ImageSets/train.txt")]
    [InlineData("labels/film/a", "images/film/a",
        "data.train.annotations=labels --set data.train.images=images --set data.train.split=ImageSets/train.txt", "labels")]
    [InlineData("train/labels", "train/images",
        "data.train.annotations=train/labels --set data.train.images=train/images --set data.train.split=train/ImageSets/train.txt")]
    public void Images_are_found_where_other_tools_put_them(string labels, string images, string expected, string? divided = null)
    {
        WriteYolo("names: [cat, dog]\n");
        foreach ((string from, string to) in new[] { ("labels", labels), ("images", images) })
        {
            Directory.Move(At(from), At("moved"));
            Directory.CreateDirectory(Path.GetDirectoryName(At(to))!);
            Directory.Move(At("moved"), At(to));
        }

        CapturedCommand run = Succeeded("dataset", "divide", At(divided ?? labels));
        Assert.Contains(expected, run.Error);
        Assert.Contains("8 images, 40 x 20 pixels", Told(run).Output);
    }

    [Fact]
    public void Labels_of_DOTA_are_divided_by_their_label_files()
    {
        WriteYolo("names: [cat, dog]\n");
        foreach (string file in Directory.GetFiles(At("labels")))
        {
            _folder.Write($"labelTxt/{Path.GetFileName(file)}", "10 5 30 5 30 15 10 15 ship 0\n");
        }

        File.Delete(At("labelTxt/film0_0.txt"));
        CapturedCommand divided = Succeeded("dataset", "divide", At("labelTxt"));
        Assert.Matches("train.txt: 7 images\n.*val.txt: 2 images\n", divided.Output);
        Assert.Contains("own-data/dota/student", divided.Error);
        Assert.Contains("data.train: labelTxt/train", Told(divided).Output);
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("labelTxt"), "--force", "--images", At("images")),
            "--images names the images of YOLO's label files");
    }

    [Fact]
    public void Names_of_classes_may_lie_among_the_label_files()
    {
        WriteYolo("names: [cat, dog]\n");
        File.Delete(At("data.yaml"));
        _folder.Write("labels/classes.txt", "cat\ndog\n");
        Assert.Contains("8 images, 40 x 20 pixels", Told(Succeeded("dataset", "divide", At("labels"))).Output);
    }

    [Theory]
    [InlineData("labels")]
    [InlineData("labelTxt")]
    [InlineData("mine/labels")]
    public void The_folder_of_a_whole_data_set_is_refused(string labels)
    {
        _folder.Write($"all/{labels}/a.txt", "0 0.5 0.5 0.5 0.5\n");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("all")),
            "this holds folders of label files; name the one that is to be divided", $"all/{labels}");
        Assert.False(Directory.Exists(At("ImageSets")));
    }

    [Fact]
    public void Lists_may_be_put_anywhere()
    {
        WriteYolo("names: [cat, dog]\n");
        CapturedCommand lists = Succeeded("dataset", "divide", At("labels"), "--output",
            At("../" + Path.GetFileName(_folder.Path) + "-lists"));
        try
        {
            Assert.Contains("8 images, 40 x 20 pixels", Told(lists).Output);
        }
        finally
        {
            Directory.Delete(_folder.Path + "-lists", recursive: true);
        }
    }

    // One process has one working folder: the program's own.
    [Theory]
    [InlineData("annotations")]
    [InlineData(".")]
    public void What_is_told_holds_within_the_folder_of_the_annotations(string folder)
    {
        _folder.Write("annotations/all.json", """
            {"images": [{"id": 1, "file_name": "a.png", "width": 4, "height": 4}, {"id": 2, "file_name": "b.png", "width": 4, "height": 4}],
             "annotations": [], "categories": [{"id": 1, "name": "cat"}]}
            """);
        using Process process = RetortProcess.Start(["dataset", "divide", folder == "." ? "annotations/all.json" : "all.json", "--share",
            "0.5"], $"cd '{At(folder)}'");
        Assert.Contains(
            $"--set data.root={(folder == "." ? "." : "..")} --set data.train.annotations=annotations/train.json --set "
                + "data.val.annotations=annotations/val.json", RetortProcess.Finish(process).Error);
    }

    // As Roboflow writes COCO: a folder for each part, with the images beside the JSON file.
    [Fact]
    public void Images_beside_the_JSON_file_are_found_and_another_part_is_left_alone()
    {
        foreach (int k in Enumerable.Range(0, 4))
        {
            Directory.CreateDirectory(At("data/train"));
            using var image = new Image(40, 20);
            ImageEncoder.Write(At($"data/train/{k}.png"), image);
        }

        string images = string.Join(", ", Enumerable.Range(0, 4).Select(
            k => $$"""{"id": {{k}}, "file_name": "{{k}}.png", "width": 40, "height": 20}"""));
        string objects = string.Join(", ", Enumerable.Range(0, 4).Select(
            k => $$"""{"id": {{k}}, "image_id": {{k}}, "category_id": 1, "bbox": [1, 1, 10, 10]}"""));
        string file = _folder.Write("data/train/_annotations.coco.json",
            $$"""{"images": [{{images}}], "annotations": [{{objects}}], "categories": [{"id": 1, "name": "cat"}]}""");
        CapturedCommand divided = Succeeded("dataset", "divide", file, "--output", At("parts"), "--share", "0.25", "--test-share", "0.25");
        Assert.Matches("train.json: 2 images\n.*val.json: 1 image\n.*test.json: 1 image\n", divided.Output);
        Assert.Contains("--set data.train.images=.", divided.Error);
        Assert.Contains("2 images, 40 x 20 pixels", Told(divided).Output);
        Assert.Matches("retort eval CHECKPOINT --annotations [^ ]*parts/test.json --images [^ ]*data/train", divided.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    public void Names_in_a_list_may_have_blanks_and_the_mark_of_one_class(string mark)
    {
        string[] names = ["a b", "a c", "a d", "a e"];
        foreach (string name in names)
        {
            _folder.Write($"labels/{name}.txt", "0 0.5 0.5 0.5 0.5\n");
        }

        string list = _folder.Write("lists/all.txt", string.Concat(names.Select(name => $"{name}{mark}\n")));
        Succeeded("dataset", "divide", At("labels"), "--split", list, "--share", "0.25");
        IEnumerable<string> divided = new[] { "train", "val" }.SelectMany(part => File.ReadAllLines(At($"ImageSets/{part}.txt")));
        Assert.Equal(names, divided.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_split_of_a_VOC_folder_is_divided_and_no_other_touched()
    {
        foreach (int k in Enumerable.Range(0, 6))
        {
            _folder.Write($"voc/Annotations/{k}.xml", "<annotation/>");
        }

        _folder.Write("voc/ImageSets/Main/trainval.txt", "0\n1\n2\n3\n");
        _folder.Write("voc/ImageSets/Main/test.txt", "4\n5\n");
        Succeeded("dataset", "divide", At("voc"), "--split", "trainval", "--share", "0.25");
        string[] train = File.ReadAllLines(At("voc/ImageSets/Main/train.txt")), val = File.ReadAllLines(At("voc/ImageSets/Main/val.txt"));
        Assert.Equal((3, 1), (train.Length, val.Length));
        Assert.Equal(["0", "1", "2", "3"], train.Concat(val).Order());
        Assert.Equal("4\n5\n", File.ReadAllText(At("voc/ImageSets/Main/test.txt")));
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("voc"), "--split", "trainval", "--seed", "x"), "--seed");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("voc"), "--split", "none", "--force"),
            "none.txt: there is no such list");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("voc"), "--split", "trainval", "--output",
            At("voc/ImageSets/Main"), "--test-share", "0.25"), "the file exists");
    }

    [Fact]
    public void A_VOC_folder_gets_its_lists_and_rotated_labels_DOTAs_form()
    {
        foreach (int k in Enumerable.Range(0, 5))
        {
            _folder.Write($"voc/Annotations/{k}.xml", "<annotation/>");
        }

        Assert.Contains("own-data/voc/student --set data.root=", Succeeded("dataset", "divide", At("voc")).Error);
        Assert.Equal((4, 1), (File.ReadAllLines(At("voc/ImageSets/Main/train.txt")).Length,
            File.ReadAllLines(At("voc/ImageSets/Main/val.txt")).Length));

        WriteYolo("names: [cat, dog]\n");
        foreach (string file in Directory.GetFiles(At("labels")))
        {
            File.WriteAllText(file, "1 0.25 0.5 0.5 0.25 0.75 0.5 0.5 0.75\n");
        }

        Assert.Contains(
            "10 objects in 10 label files",
                Succeeded("dataset", "convert", "yolo-obb-to-dota", At("labels"), At("labelTxt"), "--images", At("images"), "--classes",
                At("data.yaml")).Output);
        Assert.Equal("10.0 10.0 20.0 5.0 30.0 10.0 20.0 15.0 dog 0\n", File.ReadAllText(At("labelTxt/film0_0.txt")));
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("images")), "neither a JSON file of COCO's format");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "divide", At("labels"), "--together", "("),
            "--together is no regular expression");
    }

    // The file takes no room on the disk: it is a hole.
    [Fact]
    public void A_file_of_names_that_is_far_too_large_is_not_read()
    {
        WriteYolo("names: [cat, dog]\n");
        using (FileStream file = File.OpenWrite(At("data.yaml")))
        {
            file.SetLength((64L << 20) + 1);
        }

        TrainCommandTests.Refused(
            CapturedCommand.Run("dataset", "convert", "yolo-to-coco", At("labels"), At("x.json"), "--images", At("images"), "--classes",
                At("data.yaml")), "data.yaml: the file has more than 64 MiB");
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
            CapturedCommand.Run("dataset", "convert", "yolo-to-coco", At("labels"), At("x.json"), "--images", At("images"), "--classes",
                At("data.yaml")), "data.yaml", expected);
    }
}

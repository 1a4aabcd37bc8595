using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Datasets;

public sealed class YoloDatasetTests : IDisposable
{
    private static readonly string[] s_names = ["cat", "dog", "cow"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Add(string name, string? labels)
    {
        if (labels is not null)
        {
            _folder.Write($"labels/{name}.txt", labels);
        }

        string image = _folder.File($"images/{name}.png");
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        using Image picture = Pictures.Scene(100, 80, 3);
        ImageEncoder.Write(image, picture);
    }

    private YoloDataset Read(DatasetReadOptions? options = null, string? list = null) =>
        YoloDataset.Read(_folder.File("labels"), _folder.File("images"), s_names, list, options);

    [Fact]
    public void Label_files_with_extensions_in_capitals_are_read()
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n");
        File.Move(_folder.File("labels/a.txt"), _folder.File("labels/a.TXT"));
        YoloDataset data = Read();
        Assert.Single(data[0].Objects);
        Assert.Equal(1, data.Count);
    }

    [Fact]
    public void Of_two_images_with_one_label_file_the_one_left_out_is_named()
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n");
        File.Copy(_folder.File("images/a.png"), _folder.File("images/a.jpg"));
        YoloDataset data = Read();
        DatasetProblem problem = Assert.Single(data.Problems.Items);
        Assert.EndsWith("a.png", problem.File);
        Assert.EndsWith("a.jpg", data[0].Path);
        Assert.Contains("a.jpg", problem.Message);
    }

    [Fact]
    public void Of_outlines_the_enclosing_box_is_taken_with_a_note()
    {
        Add("a", "0 0.1 0.25 0.5 0.125 0.6 0.5\n1 0.5 0.5 0.2 0.5\n2 0 0 0.5 0 0.5 0.5 0 0.5\n");
        YoloDataset data = Read();
        Box[] boxes = [.. data[0].Objects.Select(o => o.Box)];
        Assert.Equal(3, boxes.Length);
        Assert.Equal([10, 10, 60, 40], new[] { boxes[0].X1, boxes[0].Y1, boxes[0].X2, boxes[0].Y2 }.Select(v => MathF.Round(v, 3)));
        Assert.Equal(new Box(0, 0, 50, 40), boxes[2]);
        DatasetProblem note = Assert.Single(data.Problems.Items);
        Assert.Equal(ProblemSeverity.Note, note.Severity);
        Assert.StartsWith("2 of 3 objects", note.Message);
        Assert.Contains("yolo-obb-to-dota", note.Remedy);
    }

    [Fact]
    public void A_box_whose_centre_is_just_outside_is_clipped_with_a_warning()
    {
        Add("a", "0 1.0021 0.5 0.2 0.5\n");
        YoloDataset data = Read();
        Assert.Equal(100, Assert.Single(data[0].Objects).Box.X2);
        Assert.Contains("clipped", Assert.Single(data.Problems.Items).Remedy);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.png")]
    [InlineData("./a.png")]
    [InlineData("images/a.png")]
    [InlineData("./images/a.png")]
    [InlineData("/elsewhere/data/images/a.jpg")]
    [InlineData("D:\\data\\images\\a.jpg")]
    [InlineData("labels/a.txt")]
    public void A_list_may_have_paths_and_extensions(string line)
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n");
        Add("b", "0 0.5 0.5 0.2 0.5\n");
        YoloDataset data = Read(list: _folder.Write("list.txt", line + "\n"));
        Assert.Equal(1, data.Count);
        Assert.EndsWith("a.png", data[0].Path);
    }

    [Theory]
    [InlineData("/elsewhere/other/a.jpg")]
    [InlineData("../a")]
    public void A_list_does_not_lead_elsewhere(string line)
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n");
        Assert.Contains("leads out of the data set", Assert.Throws<DatasetException>(
            () => Read(list: _folder.Write("list.txt", line + "\n"))).Message);
    }

    [Fact]
    public void A_line_that_is_there_twice_counts_once()
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n1 0.5 0.5 0.2 0.5\n0 0.5 0.5 0.2 0.5\n");
        YoloDataset data = Read();
        Assert.Equal([0, 1], data[0].Objects.Select(o => o.Label));
        Assert.Contains("1 of its 3 objects", Assert.Single(data.Problems.Items).Message);
    }

    [Theory]
    [InlineData("2.0", true)]
    [InlineData("1.000000", true)]
    [InlineData("1.5", false)]
    [InlineData("3.0", false)]
    [InlineData("-1.0", false)]
    public void An_index_may_be_written_with_zeros_behind_the_point(string index, bool valid)
    {
        Add("a", $"{index} 0.5 0.5 0.2 0.5\n");
        Assert.Equal(valid, Read(new DatasetReadOptions { CollectErrors = true }).Problems.Errors == 0);
    }

    [Fact]
    public void Shares_of_the_image_become_pixels_and_indices_names()
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n\n2 0.25 0.25 0.5 0.5\n");
        Add("b", null);
        _folder.Write("labels/classes.txt", "cat\ndog\ncow\n");
        YoloDataset dataset = Read();
        Assert.Equal(s_names, dataset.ClassNames);
        Assert.Equal([1, 2, 3], dataset.CategoryIds);
        Assert.Equal(["a", "b"], Enumerable.Range(0, dataset.Count).Select(i => Path.GetFileNameWithoutExtension(dataset[i].Path)));
        Assert.Equal((100, 80), (dataset[0].Width, dataset[0].Height));
        Assert.Equal([(new Box(40, 20, 60, 60), 0), (new Box(0, 0, 50, 40), 2)], dataset[0].Objects.Select(o => (o.Box, o.Label)));
        Assert.Equal(800, dataset[0].Objects[0].Area, 1e-3);
        Assert.Empty(dataset[1].Objects);
    }

    [Fact]
    public void Classes_are_chosen_by_name_and_images_by_a_list()
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n2 0.25 0.25 0.5 0.5\n");
        Add("b", "1 0.5 0.5 0.2 0.5\n");
        YoloDataset dataset = Read(new DatasetReadOptions { Classes = ["cow", "cat"] }, _folder.Write("train.txt", "a\n"));
        Assert.Equal((1, 3L, 1L), (dataset.Count, dataset.CategoryIds[0], dataset.CategoryIds[1]));
        Assert.Equal([1, 0], dataset[0].Objects.Select(o => o.Label));
        Assert.Contains("has no class 'horse'", Assert.Throws<DatasetException>(
            () => Read(new DatasetReadOptions { Classes = ["horse"] })).Message);
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.2 0.5\n0 1.2 0.5 0.1 0.1\n", "a.txt, line 2: cx is 1.2, which is no share of the image's width from 0 to 1")]
    [InlineData("0 0.5 40 0.1 0.1\n", "cy is 40, which is no share of the image's height")]
    [InlineData("0 0.5 0.5 -0.1 0.1\n", "w is -0.1")]
    [InlineData("0 0.5 0.5 0.1 nan\n", "h is nan")]
    [InlineData("-Infinity 0.5 0.5 0.1 0.1\n", "the class '-Infinity' is no index of the 3 class names")]
    [InlineData("3 0.5 0.5 0.1 0.1\n", "line 1: the class '3' is no index of the 3 class names, which count from 0 to 2")]
    [InlineData("cat 0.5 0.5 0.1 0.1\n", "the class 'cat' is no index")]
    [InlineData("0 0.5 0.5 0.1\n", "4 fields where an object has 5. Write 'class cx cy w h'")]
    [InlineData("0 0.5 0.5 0.1 0.1 0.9\n", "6 fields where an object has 5")]
    [InlineData("0 0.1 0.1 0.5 0.1 0.5 40\n", "y3 is 40, which is no share of the image's height")]
    public void A_bad_line_is_named_with_its_file_and_remedy(string labels, string expected)
    {
        Add("a", labels);
        DatasetException error = Assert.Throws<DatasetException>(() => Read());
        Assert.Contains(expected, error.Message);
        Assert.Contains(Path.Combine("labels", "a.txt"), error.Message);
    }

    [Fact]
    public void A_label_file_without_an_image_and_a_data_set_without_objects_are_errors()
    {
        Add("a", "");
        Assert.Contains("no image has an object", Assert.Throws<DatasetException>(() => Read()).Message);
        _folder.Write("labels/b.txt", "0 0.5 0.5 0.2 0.5\n");
        Assert.Matches("b.txt: there is no image .*b with the extension", Assert.Throws<DatasetException>(() => Read()).Message);
    }

    [Fact]
    public void A_folder_of_pictures_without_any_label_file_is_told()
    {
        Add("film/a", "0 0.5 0.5 0.2 0.5\n");
        Add("film/b", null);
        Add("thumbs/a", null);
        Add("thumbs/b", null);
        YoloDataset dataset = Read();
        Assert.Equal(4, dataset.Count);
        string warning = Assert.Single(dataset.Problems.Lines());
        Assert.Contains("images/thumbs: none of the images here (2) has a label file, so they are taken for images without objects",
            warning);
    }

    [Fact]
    public void A_box_that_reaches_out_is_clipped_for_training_and_stays_for_measuring()
    {
        Add("a", "0 0.1 0.5 0.4 0.5\n");
        Assert.Equal(new Box(0, 20, 30, 60), Read()[0].Objects[0].Box);
        Assert.Equal(new Box(-10, 20, 30, 60), Read(new DatasetReadOptions { BoxesAsWritten = true })[0].Objects[0].Box);
    }

    [Fact]
    public void Rotated_boxes_become_DOTAs_label_files()
    {
        Add("a", "1 0.1 0.5 0.5 0.25 0.6 0.5 0.2 0.75\n");
        Add("b", null);
        DotaWriter.Write(ToDota(s_names), _folder.File("labelTxt"));
        Assert.Equal("10.0 40.0 50.0 20.0 60.0 40.0 20.0 60.0 dog 0\n", File.ReadAllText(_folder.File("labelTxt/a.txt")));
        Assert.Equal("", File.ReadAllText(_folder.File("labelTxt/b.txt")));
        Assert.Equal(2, DotaDataset.Read(_folder.File("labelTxt"), _folder.File("images")).Count);
        Assert.Contains("'big dog' has a blank", Assert.Throws<DatasetException>(() => ToDota("a", "big dog")).Message);
        Add("c", "0 0.5 0.5 0.2 0.5\n");
        Assert.Contains("5 fields where an object has 9", Assert.Throws<DatasetException>(() => ToDota(s_names)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Label_files_whose_writing_is_stopped_are_not_there(bool exists)
    {
        Add("a", "1 0.1 0.5 0.5 0.25 0.6 0.5 0.2 0.75\n");
        Add("b", null);
        if (exists)
        {
            _folder.Write("new/labelTxt/a.txt", "mine");
        }

        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => DotaWriter.Write(ToDota(s_names), _folder.File("new/labelTxt"), new Stopping(stop), stop.Token));
        Assert.Equal(exists, Directory.Exists(_folder.File("new")));
        Assert.Equal(exists ? ["images", "labels", "new"] : ["images", "labels"], Directory.GetDirectories(_folder.Path)
            .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        if (exists)
        {
            Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(_folder.File("new/labelTxt")).Select(f => Path.GetFileName(f)));
            Assert.Equal("mine", File.ReadAllText(_folder.File("new/labelTxt/a.txt")));
            DotaWriter.Write(ToDota(s_names), _folder.File("new/labelTxt"));
            Assert.NotEqual("mine", File.ReadAllText(_folder.File("new/labelTxt/a.txt")));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_that_is_a_link_stays_one(bool used)
    {
        Add("part/a", "1 0.1 0.5 0.5 0.25 0.6 0.5 0.2 0.75\n");
        Directory.CreateDirectory(_folder.File("disk"));
        string link = Directory.CreateSymbolicLink(_folder.File("labelTxt"), _folder.File("disk")).FullName;
        if (used)
        {
            _folder.Write("disk/README", "mine");
        }

        DotaWriter.Write(ToDota(s_names), link);
        Assert.NotNull(new DirectoryInfo(link).LinkTarget);
        Assert.Equal(used ? ["README", "part"] : ["part"], Directory.GetFileSystemEntries(_folder.File("disk"))
            .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folders_within_are_read_and_what_is_hidden_is_not()
    {
        Add("b", "0 0.5 0.5 0.2 0.5\n");
        Add("part/a", "1 0.5 0.5 0.2 0.5\n");
        _folder.Write("labels/part/._a.txt", "left by another system");
        _folder.Write("labels/.retort.tmp-0badcafe/a.txt", "left by work that was stopped");
        YoloDataset dataset = Read();
        Assert.Equal([_folder.File("images/b.png"), _folder.File("images/part/a.png")], Enumerable.Range(0, dataset.Count)
            .Select(i => dataset[i].Path));
        Assert.Equal([0, 1], Enumerable.Range(0, dataset.Count).Select(i => dataset[i].Objects[0].Label));
    }

    [Theory]
    [InlineData("a.Png")]
    [InlineData("a.pNG")]
    [InlineData("a.PNG")]
    public void An_image_is_found_whatever_the_case_of_its_extension(string name)
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n");
        File.Move(_folder.File("images/a.png"), _folder.File("images/b.tmp"));
        File.Move(_folder.File("images/b.tmp"), _folder.File($"images/{name}"));
        Assert.Equal(name, Path.GetFileName(Read()[0].Path));
        Assert.Equal(name, Path.GetFileName(Read(list: _folder.Write("train.txt", "a\n"))[0].Path));
        Assert.Equal((4 * 8) + (2 * 16), ImageExtensions.Spellings.Distinct().Count());
    }

    [Fact]
    public void Pictures_of_other_formats_are_left_out_with_a_warning()
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n");
        _folder.Write("images/b.TIF", "II");
        YoloDataset dataset = Read();
        Assert.Equal(1, dataset.Count);
        Assert.Contains("b.TIF: a .tif image is left out; this format is not read. Convert", dataset.Problems.Items.Single().ToString());
    }

    [Fact]
    public void Folders_in_another_order_are_told()
    {
        Add("a", "0 0.5 0.5 0.2 0.5\n");
        foreach (string part in new[] { "train", "valid" })
        {
            Directory.CreateDirectory(_folder.File($"rf/{part}"));
            Directory.Move(_folder.File("images"), _folder.File($"rf/{part}/images"));
            Directory.Move(_folder.File("labels"), _folder.File($"rf/{part}/labels"));
            Add("a", "0 0.5 0.5 0.2 0.5\n");
        }

        const string Labels = "rf/labels/train", Images = "rf/images/train";
        foreach (Action read in new Action[]
        {
            () => YoloDataset.Read(_folder.File(Labels), _folder.File(Images), s_names), () =>
                DotaDataset.Read(_folder.File(Labels), _folder.File(Images)),
        })
        {
            string message = Assert.Throws<DatasetException>(read).Message;
            Assert.StartsWith($"{_folder.File(Labels)}: the folder of label files does not exist. Below {_folder.File("rf")} there are "
                + "label files in train/labels, valid/labels: ", message);
            Assert.EndsWith("name one in the recipe (data.train.annotations, data.val.annotations) or on the command line.", message);
        }

        Assert.Contains(
            "there are images in train/images, valid/images: name one in the recipe (data.train.images,",
            Assert.Throws<DatasetException>(
                () => YoloDataset.Read(_folder.File("rf/train/labels"), _folder.File(Images), s_names)).Message);
        Assert.Contains("Check its path.", Assert.Throws<DatasetException>(
            () => YoloDataset.Read(_folder.File("rf/train/images/x/y/z"), _folder.File(Images), s_names)).Message);
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.2 0.5\n", true)]
    [InlineData("1 0.1 0.5 0.5 0.25 0.6 0.5 0.2 0.75\n", true)]
    [InlineData("0 0.1 0.5 0.5 0.25 0.6 0.5\n", true)]
    [InlineData("", true)]
    [InlineData("imagesource:x\n10 5 30 5 30 15 10 15 ship 0\n", false)]
    [InlineData("10 5 30 5 30 15 10 15 1\n", false)]
    public void Label_files_are_told_from_DOTAs(string labels, bool yolo)
    {
        _folder.Write("labels/a.txt", "");
        _folder.Write("labels/b.txt", labels);
        Assert.Equal(yolo, YoloFolder.IsFormatOf(_folder.File("labels")));
    }

    // The files take no room on the disk: they are holes.
    [Fact]
    public void Text_files_that_are_far_too_large_are_not_read()
    {
        Add("a", "");
        using (FileStream file = File.OpenWrite(_folder.File("labels/a.txt")))
        {
            file.SetLength(TextLimit.LabelFile + 1);
        }

        Assert.Contains("a.txt: the file has more than 256 MiB. Use label files of the YOLO family",
            Assert.Throws<DatasetException>(() => Read()).Message);
        string list = _folder.Write("train.txt", "a\n");
        using (FileStream file = File.OpenWrite(list))
        {
            file.SetLength(TextLimit.NameList + 1);
        }

        Assert.Contains("train.txt: the file has more than 64 MiB. Name a file with one image name a line.",
            Assert.Throws<DatasetException>(() => Read(list: list)).Message);
    }

    private IReadOnlyList<DotaLabels> ToDota(params string[] names) =>
        YoloConverter.ToDota(_folder.File("labels"), _folder.File("images"), names);

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }
}

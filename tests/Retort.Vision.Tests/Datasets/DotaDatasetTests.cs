using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Datasets;

public sealed class DotaDatasetTests : IDisposable
{
    private const string Ship = "10 10 40 10 40 30 10 30 ship 0\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DotaDataset Read(string labels, DatasetReadOptions? options = null)
    {
        Add("a", labels);
        return DotaDataset.Read(_folder.File("labelTxt"), _folder.File("images"), options: options);
    }

    private void Add(string name, string labels)
    {
        _folder.Write($"labelTxt/{name}.txt", labels);
        string image = _folder.File($"images/{name}.png");
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        using Image picture = Pictures.Scene(100, 80, 3);
        ImageEncoder.Write(image, picture);
    }

    [Fact]
    public void Objects_have_rotated_and_enclosing_boxes()
    {
        DotaDataset dataset = Read("imagesource:GoogleEarth\ngsd:0.146\n" + Ship + "20 40 30 30 60 60 50 70 plane\n");
        ImageRecord record = Assert.Single(Enumerable.Range(0, dataset.Count).Select(i => dataset[i]));
        Assert.Equal((100, 80), (record.Width, record.Height));
        Assert.Equal(["plane", "ship"], dataset.ClassNames);
        Assert.Equal([1, 0], record.Objects.Select(o => o.Label));
        Assert.Equal(new Box(10, 10, 40, 30), record.Objects[0].Box);
        Assert.Equal(new RotatedBox(25, 20, 20, 30, MathF.PI / 2), record.Objects[0].Rotated);
        Assert.Equal(600, record.Objects[0].Area, 1e-3);
        Assert.Equal(new Box(20, 30, 60, 70), record.Objects[1].Box);
        Assert.Equal(600, record.Objects[1].Area, 1e-2);
    }

    [Fact]
    public void The_angle_convention_is_chosen()
    {
        DotaDataset dataset = Read(Ship, new DatasetReadOptions { Angles = AngleConvention.Le90 });
        Assert.Equal(new RotatedBox(25, 20, 30, 20, 0), dataset[0].Objects[0].Rotated);
    }

    [Fact]
    public void Objects_above_the_difficulty_are_marked()
    {
        DotaDataset dataset = Read("10 10 40 10 40 30 10 30 ship 1\n10 10 40 10 40 30 10 30 ship 2\n",
            new DatasetReadOptions { MaximumDifficulty = 1 });
        Assert.Equal([false, true], dataset[0].Objects.Select(o => o.Difficult));
        Assert.All(DotaDataset.Read(_folder.File("labelTxt"), _folder.File("images"))[0].Objects, o => Assert.False(o.Difficult));
    }

    [Theory]
    [InlineData("10 10 40 10 40 30 ship 0", "line 1: a polygon of 3 points where an object has four points")]
    [InlineData("10 10 40 10 40 30 10 30 20 20 ship 0", "line 1: a polygon of 5 points")]
    [InlineData("10 10 40 10 40 30 10 30", "line 1: 8 fields where")]
    [InlineData("10 10 40 10 40 30 10 30 ship 0 7", "line 1: 11 fields where")]
    [InlineData("10 10 40 10 nan 30 10 30 ship 0", "line 1: a coordinate is not a finite number")]
    [InlineData("10 10 40 10 -inf 30 10 30 ship 0", "line 1: a coordinate is not a finite number")]
    [InlineData("10 10 40 10 1e99 30 10 30 ship 0", "line 1: a coordinate is not a finite number")]
    [InlineData("10 10 40 10 40 30 10 30 ship hard", "line 1: the difficulty 'hard' is not a whole number from 0 to 100")]
    [InlineData("10 10 40 10 40 30 10 30 ship -1", "line 1: the difficulty '-1' is not a whole number from 0 to 100")]
    [InlineData("10 10 40 10 40 30 10 30 ship 0.5", "line 1: the difficulty '0.5' is not a whole number from 0 to 100")]
    [InlineData("10 10 40 10 40 30 10 30 large vehicle 0", "line 1: 11 fields where an object has 10: the class 'large vehicle' has "
        + "blanks in it. Write it without blanks, such as 'large-vehicle'")]
    [InlineData("10,10,40,10,40,30,10,30,ship,0", "line 1: commas between the fields, in place of blanks, where")]
    [InlineData("10, 10, 40, 10, 40, 30, 10, 30, ship, 0", "line 1: commas between the fields, in place of blanks, where")]
    [InlineData("imagesource GoogleEarth",
        "line 1: 'imagesource GoogleEarth', which is no line of the header ('imagesource:...', 'gsd:...'), where")]
    public void A_broken_line_is_an_error_with_its_place(string line, string message)
    {
        DatasetException error = Assert.Throws<DatasetException>(() => Read(line + "\n" + Ship));
        Assert.Contains("a.txt, " + message, error.Message);
    }

    [Theory]
    [InlineData("10 10 40 31 40 10 10 31 ship 0", ProblemKind.CrossingPolygon, 2)]
    [InlineData("-90 10 -40 10 -40 30 -90 30 ship 0", ProblemKind.BoxOutsideImage, 1)]
    [InlineData("10 10 40 10 40 11 10 11 ship 0", ProblemKind.EmptyBox, 1)]
    [InlineData("10 10 10 10 10 10 10 10 ship 0", ProblemKind.EmptyBox, 1)]
    [InlineData("10 10 1e9 10 1e9 30 10 30 ship 0", ProblemKind.BadNumber, 1)]
    [InlineData("10 10 1020 10 1020 30 10 30 ship 0", ProblemKind.BadNumber, 1)]
    public void What_cannot_be_learnt_is_repaired_or_dropped_with_a_warning(string line, ProblemKind kind, int objects)
    {
        DotaDataset dataset = Read(Ship + line + "\n");
        Assert.Equal(objects, dataset[0].Objects.Count);
        Assert.Equal((kind, "line 2", ProblemSeverity.Warning), dataset.Problems.Items.Select(p => (p.Kind, p.Place, p.Severity)).Single());
        Assert.Throws<DatasetException>(() => Read(Ship + line + "\n", new DatasetReadOptions { Strict = true }));
    }

    [Theory]
    [InlineData("imagesource : Google Earth\ngsd: none\n", "0.0", 0)]
    [InlineData("image source:GoogleEarth\n", "5", 5)]
    [InlineData("", "2.0", 2)]
    public void Headers_with_blanks_and_other_difficulties_are_read(string header, string difficulty, int expected)
    {
        DotaLabelFile file = DotaLabelFile.Parse(new StringReader($"{header}10 10 40 10 40 30 10 30 ship {difficulty}\n"), "a.txt");
        Assert.Empty(file.Problems);
        Assert.Equal(expected, Assert.Single(file.Objects).Difficulty);
    }

    [Fact]
    public void An_object_longer_than_the_image_is_none_that_is_too_long()
    {
        Assert.Equal(990, Read("10 10 1000 10 1000 30 10 30 ship 0\n")[0].Objects[0].Rotated!.Value.Height);
    }

    [Fact]
    public void Corners_outside_the_image_stay_in_the_rotated_box()
    {
        ObjectAnnotation item = Read("-10 10 20 10 20 30 -10 30 ship 0\n")[0].Objects[0];
        Assert.Equal(5, item.Rotated!.Value.CentreX);
        Assert.Equal(new Box(0, 10, 20, 30), item.Box);
    }

    [Fact]
    public void Crossing_sides_are_put_into_order()
    {
        ObjectAnnotation item = Read("10 10 40 30 40 10 10 30 ship 0\n")[0].Objects[0];
        Assert.Equal(600, item.Area, 1e-3);
    }

    [Fact]
    public void An_unknown_class_is_left_out_with_the_nearest_name()
    {
        DotaDataset dataset = Read(Ship + "10 10 40 10 40 30 10 30 shipp 0\n", new DatasetReadOptions { Classes = ["plane", "ship"] });
        Assert.Equal(["plane", "ship"], dataset.ClassNames);
        Assert.Single(dataset[0].Objects);
        Assert.Contains("'shipp' is not among the classes to read. The object is left out. Nearest: 'ship'", dataset.Problems.Items.Single()
            .ToString());
    }

    [Fact]
    public void A_list_chooses_the_images_and_labels_are_those_of_the_whole_folder()
    {
        Add("train/b", "10 10 40 10 40 30 10 30 plane 0\n");
        Add("train/c", "");
        Read(Ship);
        string list = _folder.Write("list.txt", "train/c\ntrain/b\n");
        DotaDataset dataset = DotaDataset.Read(_folder.File("labelTxt"), _folder.File("images"), list);
        Assert.Equal(["c.png", "b.png"], Enumerable.Range(0, dataset.Count).Select(i => Path.GetFileName(dataset[i].Path)));
        Assert.Equal(["plane", "ship"], dataset.ClassNames);
        Assert.Empty(dataset[0].Objects);
    }

    [Theory]
    [InlineData("../a", "leads out of the data set")]
    [InlineData("missing", "the label file does not exist")]
    [InlineData("", "no image is named")]
    public void A_list_that_cannot_be_used_is_an_error(string names, string message)
    {
        Read(Ship);
        string list = _folder.Write("list.txt", names);
        Assert.Contains(message, Assert.Throws<DatasetException>(() =>
            DotaDataset.Read(_folder.File("labelTxt"), _folder.File("images"), list)).Message);
    }

    [Fact]
    public void A_missing_or_broken_image_is_an_error()
    {
        Read(Ship);
        _folder.Write("labelTxt/b.txt", Ship);
        Assert.Contains("there is no image", Assert.Throws<DatasetException>(() => Read(Ship)).Message);
        _folder.Write("images/b.png", "no picture");
        Assert.Contains("cannot be read: not a JPEG, PNG, WebP, BMP or GIF file",
            Assert.Throws<DatasetException>(() => Read(Ship)).Message);
    }

    [Fact]
    public void Labels_without_any_object_cannot_be_trained_on()
    {
        Assert.Contains("no image has an object", Assert.Throws<DatasetException>(() => Read("imagesource:x\ngsd:1\n")).Message);
        Assert.Empty(Read("", new DatasetReadOptions { AllowNoAnnotations = true })[0].Objects);
    }

    [Theory]
    [InlineData("data/hituav", "labelTxt/train", "images/train", "ImageSets/train_200.txt", 200, 4)]
    [InlineData("data/hituav", "labelTxt", "images", "ImageSets/group_val.txt", 252, 4)]
    [InlineData("data/airplane_obb", "labelTxt", "images", "ImageSets/val.txt", 23, 1)]
    public void Real_data_sets_are_read(string root, string labels, string images, string list, int count, int classes)
    {
        root = Repository.SharedOrSkip(root);
        DotaDataset dataset = DotaDataset.Read(Path.Combine(root, labels), Path.Combine(root, images), Path.Combine(root, list));
        Assert.Equal((count, classes), (dataset.Count, dataset.ClassNames.Count));
        Assert.Equal(0, dataset.Problems.Errors);
    }

    [Fact]
    public void Real_DOTA_labels_are_read_but_for_the_objects_outside_their_tile()
    {
        string root = Repository.SharedOrSkip("data/dota_sample");
        DotaLabelFile file = DotaLabelFile.Read(Path.Combine(root, "labelTxt/P0706.txt"));
        Assert.Equal((536, 0, 6), (file.Objects.Count, file.Problems.Count, file.Objects.Count(o => o.Difficulty == 1)));
    }

    [Theory]
    [InlineData("0 102.1570 20.5 130 20.5 130 44 102.1570 44")]
    [InlineData("0 102 20 130 20 130 44 102 44")]
    [InlineData("0 0.1 0.2 0.3 0.2 0.3 0.4 0.1 0.45 0")]
    public void A_class_that_comes_first_is_seen(string line)
    {
        DotaLabelFile file = DotaLabelFile.Parse(new StringReader(line), "a.txt");
        Assert.Empty(file.Objects);
        Assert.Contains("yolo-obb-to-dota", Assert.Single(file.Problems).Remedy);
    }
}

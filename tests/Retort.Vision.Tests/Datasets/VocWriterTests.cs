using CsCheck;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Vision.Tests.Datasets;

public sealed class VocWriterTests : IDisposable
{
    private static readonly DatasetReadOptions s_whole = new() { BoxesAsWritten = true, KeepEmptyBoxes = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Images => Path.Combine(_folder.Path, "img");

    private string Voc => Path.Combine(_folder.Path, "voc");

    [Fact]
    public void What_is_written_reads_back_the_same_by_way_of_COCO_too()
    {
        string[] files = [Image("a.jpg"), Image("sub/a.png"), Image("b 1.jpg")];
        Gen<float> coordinate = Gen.Int[-100, 40_000].Select(v => v / 64f);
        Gen<Box> box = Gen.Select(coordinate, coordinate, Gen.Float[0, 140], Gen.Int[0, 80], (x, y, w, h) => new Box(x, y, x + w, y + h));
        Gen<ObjectAnnotation> annotation = Gen.Select(
            box, Gen.Int[0, 2], Gen.Int[0, 2], Gen.Double[-1e5, 1e5], (b, l, kind, area) =>
                new ObjectAnnotation(b, l, kind == 1, area >= 0 ? area : b.Area, kind == 2));
        Gen.Select(annotation.Array[1, 9], annotation.Array[0, 3]).Sample(
            (first, second) =>
            {
                ImageRecord[] records = [new(1 << 20, files[0], 640, 480, first), new(3, files[1], 30, 20, second),
                    new(7, files[2], 30, 20, [])];
                var data = new Listed(["dog", "hot dog", "ant"], [18, 58, 900], records);
                VocWriter.Write(data, Voc, "val", Images, new VocWriteOptions { Overwrite = true });
                VocDataset voc = VocDataset.Read(Voc, "val", s_whole);
                Same(data, voc, "JPEGImages");

                string json = Path.Combine(_folder.Path, "gt.json");
                CocoWriter.Write(voc, json, Path.Combine(Voc, "JPEGImages"));
                Same(data, CocoDataset.Read(json, Path.Combine(Voc, "JPEGImages"), s_whole), "JPEGImages");
            },
            iter: 30, threads: 1);
    }

    [Fact]
    public void The_blood_cells_come_back_from_COCO_as_they_were()
    {
        string root = Repository.SharedOrSkip("data/bccd");
        VocDataset data = VocDataset.Read(root, "val", s_whole);
        string json = Path.Combine(_folder.Path, "gt.json");
        CocoWriter.Write(data, json, Path.Combine(root, "JPEGImages"));
        CocoDataset coco = CocoDataset.Read(json, Path.Combine(root, "JPEGImages"), s_whole);
        Same(data, coco, "JPEGImages");
        VocWriter.Write(coco, Voc, "val", Path.Combine(root, "JPEGImages"), new VocWriteOptions { LinkImages = true });
        Same(data, VocDataset.Read(Voc, "val", s_whole), "JPEGImages");
        Assert.Equal(File.ReadAllLines(Path.Combine(root, "ImageSets/Main/val.txt")),
            File.ReadAllLines(Path.Combine(Voc, "ImageSets/Main/val.txt")));
    }

    [Fact]
    public void VOC_counts_from_one_and_other_tools_leave_crowds_out()
    {
        Write(One(Image("a.jpg"), new ObjectAnnotation(new Box(0, 1.5f, 49, 39), 0, true, 1911)));
        string xml = File.ReadAllText(Path.Combine(Voc, "Annotations/a.xml"));
        Assert.Contains("<xmin>1</xmin>\n      <ymin>2.5</ymin>\n      <xmax>50</xmax>\n      <ymax>40</ymax>", xml);
        Assert.Contains("<difficult>1</difficult>\n    <crowd>1</crowd>\n    <area>1911</area>", xml);
        Assert.Contains("<image_id>1</image_id>", xml);
        Assert.Equal("1 cat\n", File.ReadAllText(Path.Combine(Voc, "categories.txt")));
    }

    [Fact]
    public void A_difficult_object_is_a_crowd_to_other_tools_of_COCO()
    {
        string json = Path.Combine(_folder.Path, "gt.json");
        CocoWriter.Write(One(Image("a.jpg"), new ObjectAnnotation(new Box(0, 0, 4, 4), 0, false, 16, Difficult: true)), json, Images);
        Assert.Contains("\"iscrowd\":1,\"ignore\":1,\"difficult\":1", File.ReadAllText(json));
    }

    [Fact]
    public void A_conversion_that_is_stopped_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        ImageRecord[] records = [.. new[] { "a.jpg", "b.jpg", "c.jpg" }.Select(
            (name, i) => new ImageRecord(i + 1, Image(name), 30, 20, []))];
        var options = new VocWriteOptions { Progress = new StopAtOnce(stop), Cancel = stop.Token };
        Assert.Throws<OperationCanceledException>(() => VocWriter.Write(new Listed(["dog"], [1], records), Voc, "val", Images, options));
        Assert.Equal([Images], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private sealed class StopAtOnce(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }

    [Fact]
    public void A_second_split_is_added_to_the_folder()
    {
        Write(One(Image("a.jpg")));
        DatasetException refused = Assert.Throws<DatasetException>(() => Write(One(Image("b.jpg")), "val"));
        Assert.Contains("the folder is not empty", refused.Message);
        VocWriter.Write(One(Image("b.jpg")), Voc, "val", Images, new VocWriteOptions { Overwrite = true });
        Assert.Equal(["a"], File.ReadAllLines(Path.Combine(Voc, "ImageSets/Main/train.txt")));
        Assert.Equal(["b"], File.ReadAllLines(Path.Combine(Voc, "ImageSets/Main/val.txt")));
        File.WriteAllText(Image("a.jpg"), "another image");
        Assert.Contains(
            "another image called 'a'", Assert.Throws<DatasetException>(
                () => VocWriter.Write(One(Path.Combine(Images, "a.jpg")), Voc, "val", Images,
                new VocWriteOptions { Overwrite = true })).Message);
        Assert.Empty(File.ReadAllText(Path.Combine(Voc, "JPEGImages/a.jpg")));
        var others = new Listed(["cow"], [1], [new(1, Image("c.jpg"), 9, 9, [])]);
        Assert.Contains("has other classes", Assert.Throws<DatasetException>(
            () => VocWriter.Write(others, Voc, "test", Images, new VocWriteOptions { Overwrite = true })).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Images_that_are_in_their_place_stay(bool link)
    {
        string image = _folder.Write("voc/JPEGImages/a.jpg", "the only one");
        VocWriter.Write(One(image), Voc, "train", Path.Combine(Voc, "JPEGImages"),
            new VocWriteOptions { Overwrite = true, LinkImages = link });
        Assert.Null(new FileInfo(image).LinkTarget);
        Assert.Equal("the only one", File.ReadAllText(image));
        Assert.Equal(["a"], File.ReadAllLines(Path.Combine(Voc, "ImageSets/Main/train.txt")));
    }

    [Fact]
    public void A_link_to_an_image_that_is_gone_is_replaced()
    {
        Directory.CreateDirectory(Path.Combine(Voc, "JPEGImages"));
        File.CreateSymbolicLink(Path.Combine(Voc, "JPEGImages/a.jpg"), Path.Combine(_folder.Path, "gone.jpg"));
        VocWriter.Write(One(Image("a.jpg")), Voc, "train", Images, new VocWriteOptions { Overwrite = true });
        Assert.Null(new FileInfo(Path.Combine(Voc, "JPEGImages/a.jpg")).LinkTarget);
    }

    [Fact]
    public void What_a_killed_conversion_left_is_no_content()
    {
        _folder.Write("voc/.retort.tmp-0badcafe/JPEGImages/a.jpg", "");
        Write(One(Image("a.jpg")));
        Assert.True(File.Exists(Path.Combine(Voc, "Annotations/a.xml")));
    }

    [Theory]
    [InlineData("a.tif", "cat", "train", "the file name of an image ends in one of .jpg")]
    [InlineData("../x.jpg", "cat", "train", "is not below the image folder")]
    [InlineData("a.jpg", "c\nat", "train", "cannot be the name of a class")]
    [InlineData("a.jpg", " cat", "train", "cannot be the name of a class")]
    [InlineData("a.jpg", "cat", "../train", "cannot be the name of a split")]
    [InlineData("a .jpg", "cat", "train", "cannot be the name of an image")]
    public void What_VOC_cannot_hold_is_refused_and_nothing_is_left(string image, string className, string split, string expected)
    {
        var data = new Listed([className], [1], [new(1, Image("first.jpg"), 9, 9, []), new(2, Image(image), 9, 9, [])]);
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => Write(data, split)).Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path, "voc*"));
    }

    [Fact]
    public void Images_that_would_have_the_same_annotation_file_are_refused()
    {
        var data = new Listed(["cat"], [1], [new(1, Image("a.jpg"), 9, 9, []), new(2, Image("a.png"), 9, 9, [])]);
        Assert.Contains("a second image is called 'a'", Assert.Throws<DatasetException>(() => Write(data)).Message);
        var marks = new Listed(["cat"], [1], [new(1, Image("a 1.jpg"), 9, 9, []), new(2, Image("b -1.jpg"), 9, 9, [])]);
        Assert.Contains("take for a mark", Assert.Throws<DatasetException>(() => Write(marks)).Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path, "voc*"));
        _folder.Write("voc", "a file");
        Assert.Contains("there is a file of this name", Assert.Throws<DatasetException>(() => Write(marks)).Message);
    }

    [Theory]
    [InlineData("cat", "line 1: 'cat' is not a class")]
    [InlineData("1 cat\nx dog", "line 2: 'x dog' is not a class")]
    [InlineData("1 cat\n1 dog", "is there twice")]
    [InlineData("1 cat\n2 cat", "is there twice")]
    public void Broken_class_ids_are_errors(string text, string expected)
    {
        Write(One(Image("a.jpg"), new ObjectAnnotation(new Box(0, 0, 4, 4), 0, false, 16)));
        File.WriteAllText(Path.Combine(Voc, "categories.txt"), text);
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => VocDataset.Read(Voc, "train")).Message);
    }

    private static void Same(IDetectionDataset expected, IDetectionDataset actual, string folder)
    {
        Assert.Equal(expected.ClassNames, actual.ClassNames);
        Assert.Equal(expected.CategoryIds, actual.CategoryIds);
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal((expected[i].Id, expected[i].Width, expected[i].Height), (actual[i].Id, actual[i].Width, actual[i].Height));
            Assert.EndsWith(Path.Combine(folder, expected[i].Path.Split("/img/")[^1].Split("/JPEGImages/")[^1]), actual[i].Path);
            Assert.Equal(expected[i].Objects, actual[i].Objects);
        }
    }

    private void Write(IDetectionDataset data, string split = "train") => VocWriter.Write(data, Voc, split, Images);

    private string Image(string name) => _folder.Write(Path.Combine("img", name), "");

    private static Listed One(string image, params ObjectAnnotation[] objects) => new(["cat"], [1], [new(1, image, 60, 40, objects)]);

    private sealed class Listed(string[] classNames, long[] categoryIds, ImageRecord[] records) : IDetectionDataset
    {
        public string Name => "listed";

        public IReadOnlyList<string> ClassNames => classNames;

        public IReadOnlyList<long> CategoryIds => categoryIds;

        public int Count => records.Length;

        public ImageRecord this[int index] => records[index];
    }
}

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

    private YoloDataset Read(DatasetReadOptions? options = null, string? list = null) => YoloDataset.Read(_folder.File("labels"), _folder.File("images"), s_names, list, options);

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
        Assert.Contains("has no class 'horse'", Assert.Throws<DatasetException>(() => Read(new DatasetReadOptions { Classes = ["horse"] })).Message);
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.2 0.5\n0 1.2 0.5 0.1 0.1\n", "a.txt, line 2: cx is 1.2, which is no share of the image's width from 0 to 1")]
    [InlineData("0 0.5 40 0.1 0.1\n", "cy is 40, which is no share of the image's height")]
    [InlineData("0 0.5 0.5 -0.1 0.1\n", "w is -0.1")]
    [InlineData("0 0.5 0.5 0.1 nan\n", "h is nan")]
    [InlineData("3 0.5 0.5 0.1 0.1\n", "line 1: the class '3' is no index of the 3 class names, which count from 0 to 2")]
    [InlineData("cat 0.5 0.5 0.1 0.1\n", "the class 'cat' is no index")]
    [InlineData("0 0.5 0.5 0.1\n", "4 fields where an object has 5. Write 'class cx cy w h'")]
    [InlineData("0 0 0 1 0 1 1 0 1\n", "yolo-obb-to-dota")]
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
        Assert.Equal((2, 1), YoloConverter.ToDota(_folder.File("labels"), _folder.File("images"), s_names, _folder.File("labelTxt")));
        Assert.Equal("10.0 40.0 50.0 20.0 60.0 40.0 20.0 60.0 dog 0\n", File.ReadAllText(_folder.File("labelTxt/a.txt")));
        Assert.Equal("", File.ReadAllText(_folder.File("labelTxt/b.txt")));
        Assert.Equal(2, DotaDataset.Read(_folder.File("labelTxt"), _folder.File("images")).Count);
        Assert.Contains("'big dog' has a blank", Assert.Throws<DatasetException>(() => YoloConverter.ToDota(_folder.File("labels"), _folder.File("images"), ["a", "big dog"], _folder.File("x"))).Message);
        Add("c", "0 0.5 0.5 0.2 0.5\n");
        Assert.Contains("5 fields where an object has 9", Assert.Throws<DatasetException>(() => YoloConverter.ToDota(_folder.File("labels"), _folder.File("images"), s_names, _folder.File("x"))).Message);
        Assert.False(Directory.Exists(_folder.File("x")));
    }
}

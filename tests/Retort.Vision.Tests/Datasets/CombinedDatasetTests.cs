using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Vision.Tests.Datasets;

public sealed class CombinedDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Concatenation_numbers_images_anew_and_keeps_the_order()
    {
        ConcatDataset all = new(new Listed("a", ["x"], "1.jpg", "2.jpg"), new Listed("b", ["x"]), new Listed("c", ["x"], "3.jpg"));
        Assert.Equal("a+b+c", all.Name);
        Assert.Equal([("1.jpg", 1L), ("2.jpg", 2L), ("3.jpg", 3L)], Enumerable.Range(0, all.Count)
            .Select(i => (Path.GetFileName(all[i].Path), all[i].Id)));
        Assert.Throws<ArgumentOutOfRangeException>(() => all[3]);
    }

    [Fact]
    public void Data_sets_of_other_classes_do_not_join()
    {
        DatasetException e = Assert.Throws<DatasetException>(() => new ConcatDataset(new Listed("a", ["x"]), new Listed("b", ["y"])));
        Assert.StartsWith("b, classes: its classes (y) are not those of a (x)", e.Message);
    }

    [Fact]
    public void Repetition_goes_round()
    {
        RepeatDataset repeated = new(new Listed("a", ["x"], "1.jpg", "2.jpg"), 3);
        Assert.Equal(["1.jpg", "2.jpg", "1.jpg", "2.jpg", "1.jpg", "2.jpg"], Enumerable.Range(0, repeated.Count)
            .Select(i => Path.GetFileName(repeated[i].Path)));
    }

    [Fact]
    public void A_list_of_names_chooses_images_in_its_order()
    {
        Listed data = new("a", ["x"], "train/1.jpg", "val/1.jpg", "val/2.jpg");
        SubsetDataset subset = SubsetDataset.FromNames(data, _folder.Write("names.txt", "2\n\nval/1\n"));
        Assert.Equal([3L, 2L], Enumerable.Range(0, subset.Count).Select(i => subset[i].Id));
        Assert.Equal("a[names]", subset.Name);
    }

    [Fact]
    public void A_name_may_have_a_blank_in_it()
    {
        Listed data = new("a", ["x"], "frame 1.jpg", "frame 2.jpg");
        Assert.Equal(2, SubsetDataset.FromNames(data, _folder.Write("names.txt", "frame 2\nframe 1\n")).Count);
    }

    [Theory]
    [InlineData("3\n", "line 1: no image of a is named '3'")]
    [InlineData("2\n1\n", "line 2: 2 images of a are named '1'")]
    [InlineData("2\nval/2\n", "named twice")]
    [InlineData("\n", "names no image")]
    public void A_list_of_names_that_does_not_fit_is_an_error(string names, string message)
    {
        Listed data = new("a", ["x"], "train/1.jpg", "val/1.jpg", "val/2.jpg");
        Assert.Contains(message, Assert.Throws<DatasetException>(() =>
            SubsetDataset.FromNames(data, _folder.Write("names.txt", names))).Message);
    }

    [Theory]
    [InlineData("train", "images/train", "train_200", 200)]
    [InlineData("val", "images/val", "val_97", 97)]
    [InlineData("group_val", "images", "group_val", 252)]
    public void The_lists_of_the_thermal_data_set_fit(string split, string images, string list, int count)
    {
        string root = Repository.SharedOrSkip("data/hituav");
        CocoDataset data = CocoDataset.Read(Path.Combine(root, $"annotations/instances_{split}.json"), Path.Combine(root, images));
        Assert.Equal(count, SubsetDataset.FromNames(data, Path.Combine(root, $"ImageSets/{list}.txt")).Count);
    }

    private sealed class Listed(string name, string[] classes, params string[] files) : IDetectionDataset
    {
        public string Name => name;

        public IReadOnlyList<string> ClassNames => classes;

        public IReadOnlyList<long> CategoryIds => [1];

        public int Count => files.Length;

        public ImageRecord this[int index] => new(index + 1, "/data/" + files[index], 10, 10, []);
    }
}

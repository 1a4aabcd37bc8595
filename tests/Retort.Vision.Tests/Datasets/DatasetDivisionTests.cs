using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Retort.Core;
using Retort.Vision.Datasets;

namespace Retort.Vision.Tests.Datasets;

public sealed class DatasetDivisionTests : IDisposable
{
    private static readonly string[] s_names = [.. Enumerable.Range(0, 200).Select(k => $"film{k / 10}_{k}")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_share_is_kept_and_nothing_is_lost_or_twice() =>
        Gen.Select(Gen.Double[0.01, 0.99], Gen.Int, Gen.Int[2, 300]).Sample((share, seed, count) =>
    {
        string[] names = [.. Enumerable.Range(0, count).Select(k => $"{k}")];
        int chosen = new DatasetDivision(share, seed).Choose(names).Count;
        Assert.InRange(chosen, Math.Max(1, Math.Floor(share * count)), Math.Min(count - 1, Math.Max(1, Math.Ceiling(share * count))));
    });

    [Fact]
    public void Sides_depend_on_the_seed_and_the_name_alone()
    {
        IReadOnlySet<string> first = new DatasetDivision(0.2, 1).Choose(s_names);
        Assert.Equal(40, first.Count);
        Assert.Equal(first.Order(), new DatasetDivision(0.2, 1).Choose(s_names.Reverse()).Order());
        Assert.NotEqual(first.Order(), new DatasetDivision(0.2, 2).Choose(s_names).Order());

        // A tenth more images: those that were there stay where they were, but for a few.
        IReadOnlySet<string> more = new DatasetDivision(0.2, 1).Choose(s_names.Concat(Enumerable.Range(0, 20).Select(k => $"new{k}")));
        Assert.InRange(first.Except(more).Count(), 0, 5);
    }

    [Fact]
    public void What_belongs_together_stays_together()
    {
        IReadOnlySet<string> chosen = new DatasetDivision(0.25, 3, new Regex("^film[0-9]+")).Choose(s_names);
        Assert.Equal(50, chosen.Count);
        Assert.All(s_names.GroupBy(name => name.Split('_')[0]), film => Assert.Single(film.Select(chosen.Contains).Distinct()));
    }

    [Fact]
    public void Three_parts_share_all_images_and_validation_stays_the_same()
    {
        IReadOnlyList<IReadOnlySet<string>> parts = new DatasetDivision(0.2, 1) { TestShare = 0.1 }.Assign(s_names);
        Assert.Equal([140, 40, 20], parts.Select(part => part.Count));
        Assert.Equal(s_names.Order(), parts.SelectMany(part => part).Order());
        Assert.Equal(new DatasetDivision(0.2, 1).Choose(s_names).Order(), parts[1].Order());
        Assert.All(new DatasetDivision(0.4, 0) { TestShare = 0.4 }.Assign(["a", "b", "c"]), part => Assert.Single(part));
    }

    [Fact]
    public void What_cannot_be_divided_is_refused()
    {
        Assert.Contains("2 images in 2 groups", Assert.Throws<RetortException>(
            () => new DatasetDivision(0.3, 0) { TestShare = 0.3 }.Choose(["a", "b"])).Message);
        Assert.Contains("together they must be", Assert.Throws<RetortException>(
            () => new DatasetDivision(0.5, 0) { TestShare = 0.5 }.Choose(s_names)).Message);
        Assert.Contains("1 images in 1 group", Assert.Throws<RetortException>(() => new DatasetDivision(0.5, 0).Choose(["a"])).Message);
        Assert.Contains("200 images in 1 group", Assert.Throws<RetortException>(
            () => new DatasetDivision(0.5, 0, new Regex("^film")).Choose(s_names)).Message);
        Assert.Contains("above 0 and below 1", Assert.Throws<RetortException>(() => new DatasetDivision(1, 0).Choose(s_names)).Message);
    }

    [Fact]
    public void All_that_a_COCO_file_says_of_an_image_goes_where_the_image_goes()
    {
        string all = _folder.Write("all.json", """
            {"info": {"year": 2020}, "licenses": [{"id": 1}], "categories": [{"id": 7, "name": "cat"}],
             "images": [{"id": 1, "file_name": "a.jpg", "width": 20, "height": 10, "license": 1}, {"id": 2.0, "file_name": "b.jpg", "width": 20, "height": 10}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 1, 4, 4], "segmentation": [[1, 1, 5, 1, 5, 5]]},
                             {"id": 2, "image_id": 2, "category_id": 7, "bbox": [1, 1, 4, 4]}, {"id": 3, "image_id": 1, "category_id": 7, "bbox": [2, 2, 4, 4]}]}
            """);
        (string train, string val) = (_folder.File("train.json"), _folder.File("val.json"));
        Assert.Equal([1, 1], new DatasetDivision(0.5, 0).DivideCoco(all, train, val));
        using JsonDocument whole = JsonDocument.Parse(File.ReadAllText(all)), first = JsonDocument.Parse(File.ReadAllText(train)), second =
            JsonDocument.Parse(File.ReadAllText(val));
        foreach (string list in new[] { "images", "annotations" })
        {
            IEnumerable<string> parts = new[] { first, second }.SelectMany(
                part => part.RootElement.GetProperty(list).EnumerateArray().Select(record => record.GetRawText()));
            Assert.Equal(whole.RootElement.GetProperty(list).EnumerateArray().Select(record => record.GetRawText()).Select(Plain).Order(),
                parts.Select(Plain).Order());
        }

        foreach (JsonDocument part in new[] { first, second })
        {
            double id = Assert.Single(part.RootElement.GetProperty("images").EnumerateArray().Select(i => i.GetProperty("id").GetDouble()));
            Assert.All(part.RootElement.GetProperty("annotations").EnumerateArray(),
                a => Assert.Equal(id, a.GetProperty("image_id").GetDouble()));
            Assert.Equal(2020, part.RootElement.GetProperty("info").GetProperty("year").GetInt32());
            Assert.Equal("cat", part.RootElement.GetProperty("categories")[0].GetProperty("name").GetString());
        }

        Assert.Throws<DatasetException>(
            () => new DatasetDivision(0.5, 0).DivideCoco(_folder.Write("broken.json", "{\"images\": ["), train, val));
    }

    private static string Plain(string json) => json.Replace(" ", "", StringComparison.Ordinal);
}

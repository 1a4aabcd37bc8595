using Retort.Core.Geometry;
using Retort.Training.Data;
using Retort.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Training.Tests.Data;

public sealed class RecipeDatasetsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("retort-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private IDetectionDataset Read(params string[] classes)
    {
        File.WriteAllText(Path.Combine(_root, "gt.json"), """
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 20, "height": 10}],
             "categories": [{"id": 7, "name": "cat"}, {"id": 9, "name": "dog"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 1, 4, 4], "area": 16, "iscrowd": 0}]}
            """);
        File.WriteAllText(Path.Combine(_root, "a.jpg"), "");
        var part = new DatasetOptions { Annotations = "gt.json", Images = "." };
        return RecipeDatasets.Read(new DataOptions { Root = _root, Train = part, Classes = classes }, part,
            new DatasetReadOptions()).Dataset;
    }

    [Fact]
    public void Paths_start_from_the_root_and_classes_from_the_annotations() => Assert.Equal(["cat", "dog"], Read().ClassNames);

    [Fact]
    public void Classes_of_the_recipe_decide_the_labels()
    {
        IDetectionDataset images = Read("dog", "cat");
        Assert.Equal(["dog", "cat"], images.ClassNames);
        Assert.Equal(1, images[0].Objects[0].Label);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_answered_with_the_ways_to_name_it()
    {
        var part = new DatasetOptions { Annotations = "gt.json", Images = "." };
        var data = new DataOptions { Root = Path.Combine(_root, "none"), Train = part };
        string message = Assert.Throws<DatasetException>(() => RecipeDatasets.Read(
            data, part, new DatasetReadOptions { CollectErrors = true })).Message;
        Assert.All([data.Root, "--set data.root=FOLDER", "RETORT_DATA", "docs/data.md"], named => Assert.Contains(named, message));
    }

    [Fact]
    public void Indices_of_YOLO_mean_the_names_in_its_file_or_else_the_recipes_classes()
    {
        Directory.CreateDirectory(Path.Combine(_root, "labels"));
        Directory.CreateDirectory(Path.Combine(_root, "images"));
        File.WriteAllText(Path.Combine(_root, "labels", "a.txt"), "1 0.5 0.5 0.5 0.5\n");
        using (var image = new Retort.Vision.Imaging.Image(20, 10))
        {
            Retort.Vision.Imaging.ImageEncoder.Write(Path.Combine(_root, "images", "a.png"), image);
        }

        var part = new DatasetOptions { Annotations = "labels", Images = "images" };
        var data = new DataOptions { Format = DataFormat.Yolo, Root = _root, Train = part };
        Assert.Contains("nothing says what they mean", Assert.Throws<RecipeException>(() => RecipeDatasets.Open(data, part)).Message);
        Assert.Equal(1, RecipeDatasets.Open(data with { Classes = ["dog", "cat"] }, part)[0].Objects[0].Label);
        File.WriteAllText(Path.Combine(_root, "classes.txt"), "cat\ndog\n");
        Assert.Equal(["cat", "dog"], RecipeDatasets.Open(data, part).ClassNames);
        Assert.Equal(0, RecipeDatasets.Open(data with { Classes = ["dog", "cat"] }, part)[0].Objects[0].Label);
    }

    [Fact]
    public void A_union_has_the_images_of_all_its_sources_and_is_repeated_as_a_whole()
    {
        Voc("VOC2007", "trainval", ("a", "cat", 0), ("b", "dog", 1));
        Voc("VOC2012", "trainval", ("c", "dog", 0));
        Voc("VOC2012", "val", ("d", "cat", 0));
        var part = new DatasetOptions
        {
            Union = [
            new() { Root = "VOC2007", Split = "trainval" }, new() { Root = "VOC2012", Split = "trainval" }],
            Repeat = 3
        };
        IDetectionDataset images = RecipeDatasets.Open(new DataOptions
        {
            Format = DataFormat.Voc,
            Root = _root,
            Train = part,
            Classes = ["cat", "dog"]
        }, part);
        Assert.Equal("VOC2007/trainval+VOC2012/trainval x3", images.Name);
        Assert.Equal(["a", "b", "c", "a", "b", "c", "a", "b", "c"], Enumerable.Range(0, images.Count)
            .Select(i => Path.GetFileNameWithoutExtension(images[i].Path)));
        Assert.Equal([1, 2, 3, 1], Enumerable.Range(0, 4).Select(i => (int)images[i].Id));
        Assert.Equal([(0, false), (1, true), (1, false)], Enumerable.Range(0, 3)
            .Select(i => (images[i].Objects[0].Label, images[i].Objects[0].Difficult)));
    }

    [Fact]
    public void Problems_of_all_sources_are_told()
    {
        Voc("VOC2007", "trainval", ("a", "cat", 0));
        Voc("VOC2012", "trainval", ("b", "cow", 0), ("c", "dog", 0));
        var part = new DatasetOptions
        {
            Union = [
            new() { Root = "VOC2007", Split = "trainval" }, new() { Root = "VOC2012", Split = "trainval" }]
        };
        var data = new DataOptions { Format = DataFormat.Voc, Root = _root, Train = part };
        Assert.Contains("Give both the same list of classes", Assert.Throws<DatasetException>(
            () => RecipeDatasets.Open(data, part)).Message);
        Assert.Contains("has no class 'dog'", Assert.Throws<DatasetException>(
            () => RecipeDatasets.Open(data with { Classes = ["cat", "dog"] }, part)).Message);
        DatasetProblems problems = RecipeDatasets.Read(data with { Classes = ["cat", "dog"] }, part,
            new DatasetReadOptions { CollectErrors = true }).Problems;
        Assert.Equal((2, 1, 3), (problems.Errors, problems.Warnings, problems.Count(ProblemKind.UnknownClass)));
    }

    [Fact]
    public void Measuring_takes_the_boxes_of_the_file_and_training_clips_them()
    {
        Read();
        File.WriteAllText(Path.Combine(_root, "gt.json"), File.ReadAllText(Path.Combine(_root, "gt.json"))
            .Replace("[1, 1, 4, 4]", "[-5, 1, 40, 4]")
            .Replace("\"iscrowd\": 0}", "\"iscrowd\": 0}, {\"id\": 2, \"image_id\": 1, \"category_id\": 7, \"bbox\": [3, 3, 0, 2], "
                + "\"area\": 0}, {\"id\": 3, \"image_id\": 1, \"category_id\": 7, \"bbox\": [9, 3, -2, 2]}"));
        var part = new DatasetOptions { Annotations = "gt.json", Images = "." };
        var data = new DataOptions { Root = _root, Train = part };
        Assert.Equal([new Box(0, 1, 20, 5)], RecipeDatasets.Open(data, part)[0].Objects.Select(o => o.Box));
        Assert.Equal([new Box(-5, 1, 35, 5), new Box(3, 3, 3, 5)], RecipeDatasets.OpenForMeasuring(data, part)[0].Objects.Select(
            o => o.Box));
    }

    [Fact]
    public void Measuring_on_VOC_files_drops_boxes_without_area()
    {
        Voc("VOC2007", "val", ("a", "cat", 0), ("b", "cat", 0));
        string file = Path.Combine(_root, "VOC2007/Annotations/b.xml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("<xmax>6</xmax>", "<xmax>2</xmax>"));
        var part = new DatasetOptions { Root = "VOC2007", Split = "val" };
        IDetectionDataset images = RecipeDatasets.OpenForMeasuring(new DataOptions { Format = DataFormat.Voc, Root = _root, Train = part },
            part);
        Assert.Equal([1, 0], Enumerable.Range(0, images.Count).Select(i => images[i].Objects.Count));
    }

    [Fact]
    public void A_data_set_of_VOC_is_opened_by_its_split()
    {
        string root = Repository.SharedOrSkip("data/bccd");
        DataOptions data = Recipe.Load(Path.Combine(Repository.Root, "recipes/bccd/yardstick.yaml"), [$"data.root={root}"]).Data;
        Assert.Equal(205, RecipeDatasets.Read(data, data.Train, new DatasetReadOptions()).Dataset.Count);
        Assert.Equal(87, RecipeDatasets.Read(data, data.Val!, new DatasetReadOptions()).Dataset.Count);
    }

    private void Voc(string root, string split, params (string Name, string Class, int Difficult)[] images)
    {
        foreach (string folder in new[] { "JPEGImages", "Annotations", "ImageSets/Main" })
        {
            Directory.CreateDirectory(Path.Combine(_root, root, folder));
        }

        File.WriteAllLines(Path.Combine(_root, root, "ImageSets/Main", split + ".txt"), images.Select(i => i.Name));
        foreach ((string name, string className, int difficult) in images)
        {
            File.WriteAllText(Path.Combine(_root, root, "JPEGImages", name + ".jpg"), "");
            File.WriteAllText(
                Path.Combine(_root, root, "Annotations", name + ".xml"),
                $"<annotation><size><width>20</width><height>10</height></size><object><name>{className}</name><difficult>{difficult}</difficult>"
                + "<bndbox><xmin>2</xmin><ymin>2</ymin><xmax>6</xmax><ymax>6</ymax></bndbox></object></annotation>");
        }
    }
}

using Retort.Training.Data;
using Retort.Training.Recipes;
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
        return RecipeDatasets.Read(new DataOptions { Root = _root, Train = part, Classes = classes }, part, new DatasetReadOptions()).Dataset;
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
    public void A_data_set_of_VOC_is_opened_by_its_split()
    {
        string root = Repository.SharedOrSkip("data/bccd");
        DataOptions data = Recipe.Load(Path.Combine(Repository.Root, "recipes/bccd/yardstick.yaml"), [$"data.root={root}"]).Data;
        Assert.Equal(205, RecipeDatasets.Read(data, data.Train, new DatasetReadOptions()).Dataset.Count);
        Assert.Equal(87, RecipeDatasets.Read(data, data.Val!, new DatasetReadOptions()).Dataset.Count);
    }
}

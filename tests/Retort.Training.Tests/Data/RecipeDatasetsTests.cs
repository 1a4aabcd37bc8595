using Retort.Training.Data;
using Retort.Training.Recipes;
using Retort.Vision.Data;

namespace Retort.Training.Tests.Data;

public sealed class RecipeDatasetsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("retort-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Recipe CocoRecipe(DatasetOptions train, bool filterEmpty = true)
    {
        File.WriteAllText(Path.Combine(_root, "gt.json"), """
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 20, "height": 10}, {"id": 2, "file_name": "a.jpg", "width": 20, "height": 10}, {"id": 3, "file_name": "a.jpg", "width": 20, "height": 10}],
             "categories": [{"id": 7, "name": "cat"}, {"id": 9, "name": "dog"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 1, 4, 4], "area": 16, "iscrowd": 0},
                             {"id": 2, "image_id": 3, "category_id": 9, "bbox": [1, 1, 4, 4], "area": 16, "iscrowd": 0}]}
            """);
        File.WriteAllText(Path.Combine(_root, "a.jpg"), "");
        DatasetOptions part = train with { Annotations = "gt.json", Images = "." };
        return new Recipe { Data = new DataOptions { Root = _root, Train = part }, Loader = new LoaderOptions { FilterEmpty = filterEmpty } };
    }

    private static long[] Ids(IDetectionDataset images) => [.. Enumerable.Range(0, images.Count).Select(i => images[i].Id)];

    [Fact]
    public void Images_without_objects_are_left_out_of_training_unless_wanted()
    {
        Assert.Equal([1, 3], Ids(RecipeDatasets.OpenTrain(CocoRecipe(new DatasetOptions()))));
        Assert.Equal([1, 2, 3], Ids(RecipeDatasets.OpenTrain(CocoRecipe(new DatasetOptions(), filterEmpty: false))));
    }

    [Fact]
    public void A_subset_is_taken_before_filtering_and_repeating() =>
        Assert.Equal([1, 1, 1], Ids(RecipeDatasets.OpenTrain(CocoRecipe(new DatasetOptions { Subset = 2, Repeat = 3 }))));

    [Fact]
    public void Classes_of_the_recipe_decide_the_labels()
    {
        Recipe recipe = CocoRecipe(new DatasetOptions());
        IDetectionDataset images = RecipeDatasets.OpenTrain(recipe with { Data = recipe.Data with { Classes = ["dog", "cat"] } });
        Assert.Equal(["dog", "cat"], images.ClassNames);
        Assert.Equal(1, images[0].Objects[0].Label);
    }

    [Fact]
    public void Nothing_to_measure_with_is_null() => Assert.Null(RecipeDatasets.OpenVal(CocoRecipe(new DatasetOptions())));

    [Fact]
    public void A_data_set_of_VOC_is_opened_by_its_split()
    {
        string root = Repository.SharedOrSkip("data/bccd");
        string file = Path.Combine(Repository.Root, "recipes/bccd/yardstick.yaml");
        Recipe recipe = Recipe.Load(file, [$"data.root={root}"]);
        Assert.Equal((205, 87), (RecipeDatasets.OpenTrain(recipe).Count, RecipeDatasets.OpenVal(recipe)!.Count));
    }
}

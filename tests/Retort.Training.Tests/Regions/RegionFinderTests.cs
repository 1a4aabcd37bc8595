using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Recipes;
using Retort.Training.Regions;
using Retort.Vision.Data;
using Retort.Vision.Imaging;
using Retort.Vision.Loading;

namespace Retort.Training.Tests.Regions;

/// <summary>What <c>retort dataset regions</c> finds in one picture of 128x96 that is enlarged to twice its size.</summary>
public sealed class RegionFinderTests : LeakCheckedTest, IDisposable
{
    private const int Width = 128;
    private const int Height = 96;

    private readonly string _folder = Directory.CreateTempSubdirectory("retort-regions-").FullName;

    void IDisposable.Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    [Fact]
    public void Points_around_an_objects_middle_are_found_in_pixels_of_the_original()
    {
        // FCOS: in the network's input the object is 80 pixels wide about (120, 80), so P4, for 64 to 128 pixels from a point, has none of
        // it. P3 has the points less than 1.5 strides from its middle.
        ImageRegions found = Find("[40, 20, 40, 40]", "fcos");
        RegionCells main = found.Regions[0];
        Assert.Equal((80, 4), (Assert.Single(found.Objects).LongerSide, found.Objects[0].Priors));
        Assert.Equal([4, 0, 0], main.LevelCounts);
        (float X, float Y)[] expected = [.. from y in new[] { 76, 84 } from x in new[] { 116, 124 } select (x / 2f, y / 2f)];
        Assert.Equal(expected.Order(), main.Cells.Select(c => (c.X, c.Y)).Order());
    }

    [Fact]
    public void Anchors_of_one_cell_are_one_place()
    {
        ImageRegions found = Find("[40, 20, 40, 40]", "retina");
        RegionCells main = found.Regions[0], valuable = found.Regions[1];
        Assert.InRange(main.Cells.Count, 1, main.Count - 1);
        Assert.Equal(main.Cells.Count, main.Cells.Distinct().Count());
        Assert.True(valuable.Count > main.Count);

        // 80 pixels a side, and the nearest anchors have 64 and 81.
        Assert.InRange(Assert.Single(found.Objects).BestOverlap, 0.7f, 1f);
        Assert.All(main.Cells, c => Assert.True(c.X is > 40 and < 80 && c.Y is > 20 and < 60, $"{c} is outside of the object"));
    }

    [Fact]
    public void An_object_without_a_positive_is_told_by_its_size()
    {
        ImageRegions found = Find("[10, 10, 4, 3]", "retina", "assigner: {leastIou: 0.3}");
        Assert.Equal(new AssignedObject(8, 0, 0), Assert.Single(found.Objects));
        Assert.Equal(0, found.Regions[0].Count);
    }

    [Fact]
    public void Rotated_objects_are_known_again_by_all_five_numbers()
    {
        using var data = new TinyRotatedData();
        string file = Path.Combine(_folder, "rotated.yaml");
        File.WriteAllText(
            file, $"include: {Path.Combine(Repository.Root, "recipes", "_base", "rotated_retina_gwd.yaml")}\n{data.Recipe}\ninput: "
            + $"{{scales: [[128, 128]]}}\n");
        Recipe recipe = Recipe.Load(file);
        var finder = new RegionFinder(recipe);
        ImageRegions[] found = [.. Batches(recipe).Select(batch => Used(batch, finder))];
        Assert.Equal(8, found.Length);
        Assert.All(found, f => Assert.Equal(f.Regions[0].Count, Assert.Single(f.Objects).Priors));
        Assert.All(found, f => Assert.InRange(f.Objects[0].BestOverlap, 0.2f, 1f));
    }

    [Fact]
    public void Batches_of_several_images_are_refused()
    {
        Recipe recipe = Write("[40, 20, 40, 40]", "fcos");
        IDetectionDataset data = RecipeDatasets.Open(recipe.Data, recipe.Data.Train with { Repeat = 2 });
        using ImageBatch both = LoaderBuilder.Evaluation(recipe with { Loader = recipe.Loader with { EvaluationBatchSize = 2 } }, data)
            .Epoch(0).First();
        Assert.Contains("not 2", Assert.Throws<ArgumentException>(() => new RegionFinder(recipe).Find(both)).Message);
    }

    [Fact]
    public void Regions_are_those_of_the_terms_each_once()
    {
        static string[] Names(string recipe, params string[] set) =>
            [.. RecipeRegion.Of(Recipe.Load(Path.Combine(Repository.Root, "recipes", recipe + ".yaml"), set)).Select(r => r.Name)];
        Assert.Equal(["main", "valuable-localization"], Names("bccd/student"));
        Assert.Equal(["main", "valuable-localization"], Names("bccd/student_ld"));
        Assert.Equal(["main", "remaining"], Names("coco/ld_fcos_r50_r101_1x"));
        Assert.Equal(["main", "valuable-localization"], Names("coco/ld_gi_gflv2_r50_r101_1x"));
        string[] several = Names("bccd/student_ld", "distillation.2.region=valuable-localization", "distillation.2.gamma=0.5");
        Assert.Equal(3, several.Length);
        Assert.Contains(several, name => name.StartsWith("valuable-localization, gamma 0.5, ", StringComparison.Ordinal));
    }

    private static ImageRegions Used(ImageBatch batch, RegionFinder finder)
    {
        using (batch)
        {
            return finder.Find(batch);
        }
    }

    private static IEnumerable<ImageBatch> Batches(Recipe recipe) =>
        LoaderBuilder.SingleImages(recipe, RecipeDatasets.Open(recipe.Data, recipe.Data.Train)).Epoch(0);

    private ImageRegions Find(string box, string detector, string model = "")
    {
        Recipe recipe = Write(box, detector, model);
        return Used(Batches(recipe).Single(), new RegionFinder(recipe));
    }

    private Recipe Write(string box, string detector, string model = "")
    {
        using (var image = new Image(Width, Height))
        {
            ImageEncoder.Write(Path.Combine(_folder, "a.png"), image);
        }

        File.WriteAllText(
            Path.Combine(_folder, "a.json"),
            $$"""
            {"images": [{"id": 1, "file_name": "a.png", "width": {{Width}}, "height": {{Height}}}], "categories": [{"id": 1, "name": "thing"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": {{box}}, "area": 1, "iscrowd": 0}]}
            """);
        string file = Path.Combine(_folder, "a.yaml");
        File.WriteAllText(
            file,
            $$$"""
            name: a
            include: {{{Path.Combine(Repository.Root, "recipes", "_base", detector + ".yaml")}}}
            data: {format: coco, root: {{{_folder}}}, train: {annotations: a.json, images: .}}
            input: {scales: [[{{{2 * Width}}}, {{{2 * Height}}}]]}
            loader: {workers: 1}
            model:
              neck: {levels: 3}
              {{{model}}}
            """);
        return Recipe.Load(file);
    }
}

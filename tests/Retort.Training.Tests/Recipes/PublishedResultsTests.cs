using Retort.Core.Geometry;
using Retort.Recipes;

namespace Retort.Training.Tests.Recipes;

/// <summary>Every result of the paper and of its readmes that a recipe can be made for has exactly one.</summary>
public class PublishedResultsTests
{
    // Tables as they are in the documents, with the images a step where the document names them (of Table 8: section 4.4).
    // Table 7 has correlations and no recipes of its own. Table 8 quotes detectors that Retort does not have: SAPD, BorderDet, AutoAssign,
    // PAA and OTA.
    private static readonly (string Table, string Row, double Ap, int? Batch)[] s_published =
    [
        ("Table 1a", "no distillation", 40.1, null),
        ("Table 1a", "T = 1", 40.3, null),
        ("Table 1a", "T = 5", 40.9, null),
        ("Table 1a", "T = 10", 41.1, null),
        ("Table 1a", "T = 15", 40.7, null),
        ("Table 1a", "T = 20", 40.5, null),
        ("Table 1b", "no distillation", 40.1, null),
        ("Table 1b", "margin 0.1", 40.5, null),
        ("Table 1b", "margin 0.2", 40.2, null),
        ("Table 1b", "margin 0.3", 40.1, null),
        ("Table 1b", "margin 0.4", 40.3, null),
        ("Table 1b", "LD", 41.1, null),
        ("Table 1c", "no distillation", 40.1, null),
        ("Table 1c", "gamma = 1", 41.1, null),
        ("Table 1c", "gamma = 0.75", 41.2, null),
        ("Table 1c", "gamma = 0.5", 41.7, null),
        ("Table 1c", "gamma = 0.25", 41.8, null),
        ("Table 1c", "gamma = 0", 41.7, null),

        ("Table 2", "COCO, no distillation", 40.1, null),
        ("Table 2", "COCO, LD main", 41.1, null),
        ("Table 2", "COCO, + LD VLR", 41.8, null),
        ("Table 2", "COCO, + KD main", 42.1, null),
        ("Table 2", "COCO, + KD VLR", 42.0, null),
        ("Table 2", "VOC, no distillation", 51.8, null),
        ("Table 2", "VOC, LD main", 53.0, null),
        ("Table 2", "VOC, + LD VLR", 53.4, null),
        ("Table 2", "VOC, + KD main", 53.1, null),
        ("Table 2", "VOC, + KD VLR", 53.7, null),

        ("Table 3", "ResNet-18", 35.8, null),
        ("Table 3", "ResNet-18, LD", 37.5, null),
        ("Table 3", "ResNet-34", 38.9, null),
        ("Table 3", "ResNet-34, LD", 41.0, null),
        ("Table 3", "ResNet-50", 40.1, null),
        ("Table 3", "ResNet-50, LD", 42.1, null),

        ("Table 4", "RetinaNet", 36.9, null),
        ("Table 4", "RetinaNet, LD", 39.0, null),
        ("Table 4", "FCOS", 38.6, null),
        ("Table 4", "FCOS, LD", 40.6, null),
        ("Table 4", "ATSS", 39.2, null),
        ("Table 4", "ATSS, LD", 41.6, null),

        ("Table 5", "R-RetinaNet", 33.7, null),
        ("Table 5", "R-RetinaNet, LD (ours)", 39.1, null),
        ("Table 5", "GWD", 37.1, null),
        ("Table 5", "GWD, LD (ours)", 40.2, null),

        ("Table 6", "Baseline (GFocal)", 40.1, null),
        ("Table 6", "FitNets", 40.7, null),
        ("Table 6", "Inside GT Box", 40.7, null),
        ("Table 6", "Main Region", 41.1, null),
        ("Table 6", "Fine-Grained", 41.1, null),
        ("Table 6", "DeFeat", 40.8, null),
        ("Table 6", "GI Imitation", 41.5, null),
        ("Table 6", "Ours", 42.1, null),
        ("Table 6", "Ours + FitNets", 42.1, null),
        ("Table 6", "Ours + Inside GT Box", 42.2, null),
        ("Table 6", "Ours + Main Region", 42.1, null),
        ("Table 6", "Ours + Fine-Grained", 42.4, null),
        ("Table 6", "Ours* + Fine-Grained", 42.1, null),
        ("Table 6", "Ours + DeFeat", 42.2, null),
        ("Table 6", "Ours + GI Imitation", 42.4, null),

        ("Table 8", "ResNet-50, RetinaNet", 36.9, null),
        ("Table 8", "ResNet-50, FCOS", 38.6, null),
        ("Table 8", "ResNet-50, ATSS", 39.2, null),
        ("Table 8", "ResNet-50, GFocal", 40.1, null),
        ("Table 8", "ResNet-50, GFocalV2", 41.1, null),
        ("Table 8", "ResNet-50, LD", 42.7, 16),
        ("Table 8", "ResNet-101, RetinaNet (test-dev)", 39.1, null),
        ("Table 8", "ResNet-101, FCOS (test-dev)", 41.5, null),
        ("Table 8", "ResNet-101, ATSS (test-dev)", 43.6, null),
        ("Table 8", "ResNet-101, GFocal (test-dev)", 45.0, null),
        ("Table 8", "ResNet-101, GFocalV2 (test-dev)", 46.0, null),
        ("Table 8", "ResNet-101, LD (test-dev)", 47.1, 16),
        ("Table 8", "ResNeXt-101-32x4d-DCN, GFocal (test-dev)", 48.2, null),
        ("Table 8", "ResNeXt-101-32x4d-DCN, GFocalV2 (test-dev)", 49.0, null),
        ("Table 8", "ResNeXt-101-32x4d-DCN, LD (test-dev)", 50.5, 16),

        ("Readme GFocalV1 with LD", "R-18", 35.8, 6),
        ("Readme GFocalV1 with LD", "R-101 -> R-18", 36.5, 6),
        ("Readme GFocalV1 with LD", "R-34", 38.9, 6),
        ("Readme GFocalV1 with LD", "R-101 -> R-34", 39.8, 6),
        ("Readme GFocalV1 with LD", "R-50", 40.1, 6),
        ("Readme GFocalV1 with LD", "R-101 -> R-50", 41.1, 6),
        ("Readme GFocalV1 with LD", "R-101, 2x", 44.6, 6),
        ("Readme GFocalV1 with LD", "R-101-DCN -> R-101, 2x", 45.4, 6),

        ("Toolbox page", "R-18", 35.8, 6),
        ("Toolbox page", "R-101 -> R-18", 36.5, 6),
        ("Toolbox page", "R-34", 38.9, 6),
        ("Toolbox page", "R-101 -> R-34", 39.9, 6),
        ("Toolbox page", "R-50", 40.1, 6),
        ("Toolbox page", "R-101 -> R-50", 41.0, 6),
        ("Toolbox page", "R-101, 2x", 44.6, 6),
        ("Toolbox page", "R-101-DCN -> R-101, 2x", 45.5, 6),

        ("Readme Self-LD", "R-18", 35.8, 6),
        ("Readme Self-LD", "R-18 -> R-18", 36.1, 6),
        ("Readme Self-LD", "R-50", 40.1, 6),
        ("Readme Self-LD", "R-50 -> R-50", 40.6, 6),
        ("Readme Self-LD", "X-101-32x4d-DCN", 46.9, 4),
        ("Readme Self-LD", "X-101-32x4d-DCN -> X-101-32x4d-DCN", 47.5, 4),
        ("Readme GFocalV2 with LD (test-dev)", "R-50", 44.4, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R-101 -> R-50", 44.8, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R-101", 46.0, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R-101-DCN -> R-101", 46.8, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R-101-DCN", 48.2, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R2-101-DCN -> R-101-DCN", 49.1, 16),
        ("Readme GFocalV2 with LD (test-dev)", "X-101-32x4d-DCN", 49.0, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R2-101-DCN -> X-101-32x4d-DCN", 50.2, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R2-101-DCN", 50.5, 16),
        ("Readme GFocalV2 with LD (test-dev)", "R2-101-DCN -> R2-101-DCN", 51.0, 16),
        ("Readme VOC", "R-18", 51.8, 6),
        ("Readme VOC", "R-101 -> R-18", 53.0, 6),
        ("Readme VOC", "R-50", 55.8, 6),
        ("Readme VOC", "R-101 -> R-50", 56.1, 6),
        ("Readme VOC", "R-34", 55.7, 6),
        ("Readme VOC", "R-101-DCN -> R-34", 56.7, 6),
        ("Readme VOC", "R-101", 57.6, 6),
        ("Readme VOC", "R-101-DCN -> R-101", 58.4, 6),
    ];

    [Fact]
    public void Each_row_has_one_recipe_with_its_number()
    {
        IEnumerable<(string, string, double)> claimed = Claims().Select(c => (c.Paper.Table, c.Paper.Row, c.Paper.Ap!.Value));
        Assert.Equal(s_published.Select(p => (p.Table, p.Row, p.Ap)).Order(), claimed.Order());
    }

    [Fact]
    public void A_recipe_has_as_many_images_a_step_as_its_rows_say()
    {
        Dictionary<(string, string), int?> batches = s_published.ToDictionary(p => (p.Table, p.Row), p => p.Batch);
        foreach ((CatalogEntry entry, PaperOptions paper) in Claims())
        {
            int images = Recipe.Load(entry.Path).Loader.BatchSize;
            Assert.Equal((entry.Name, paper.Row, batches[(paper.Table, paper.Row)] ?? images), (entry.Name, paper.Row, images));
        }
    }

    private static IEnumerable<(CatalogEntry Entry, PaperOptions Paper)> Claims() =>
        RecipeCatalog.List(Path.Combine(Repository.Root, "recipes")).SelectMany(entry => entry.Paper.Select(paper => (entry, paper)));
}

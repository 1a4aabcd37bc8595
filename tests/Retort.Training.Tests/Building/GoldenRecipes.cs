using Retort.Detection.Detectors;
using Retort.Recipes;

namespace Retort.Training.Tests.Building;

/// <summary>
/// The recipe that stands for each network of the golden files: one that comes with Retort, and where none has that backbone the nearest
/// with what differs.
/// </summary>
internal static class GoldenRecipes
{
    private const int CocoClasses = 80;

    private static readonly Dictionary<string, (string Recipe, string[] Overrides)> s_recipes = new()
    {
        ["gfl_r18"] = ("coco/gfl_r18_1x", []),
        ["gfl_r34"] = ("coco/gfl_r34_1x", []),
        ["gfl_r50"] = ("coco/gfl_r50_1x", []),
        ["gfl_r101"] = ("coco/gfl_r101_ms2x", []),
        ["gfl_r101_dcnv1_c3c5"] = ("coco/gfl_r101_dcn_ms2x", []),
        ["gfl_x101_32x4d_dcnv1_c4c5"] = ("coco/gfl_x101_32x4d_dcn_ms2x", []),
        ["gflv2_r50"] = ("coco/gflv2_r50_1x", []),
        ["gflv2_r101"] = ("coco/gflv2_r101_ms2x", []),
        ["gflv2_r2n101_dcnv1_c3c5"] = ("coco/gflv2_r2_101_dcn_ms2x", []), // the authors' name; only C4 and C5 have them
        ["atss_gfl_r50"] = ("coco/atss_r50_1x", []),
        ["atss_gfl_r101"] = ("coco/atss_r101_ms2x", []),
        ["fcos_gfl_r50_caffe"] = ("coco/fcos_r50_1x", []),
        ["fcos_gfl_r101_caffe"] = ("coco/fcos_r101_ms2x", []),
        ["retina_gfl_r50"] = ("coco/retina_r50_1x", []),
        ["retina_gfl_r101"] = ("coco/retina_r101_ms2x", []),
        ["rot_retina_distribution_r18"] = ("dota/gwd_r18_1x", []),
        ["rot_retina_distribution_r34"] = ("dota/gwd_r34_2x", []),
        ["rot_retina_distribution_r50"] = ("dota/gwd_r50_2x", []),
        ["rot_retina_plain_r50"] = ("dota/retina_r18_1x", ["model.backbone.depth=50"]),
        ["gfl_x50_32x4d"] = ("coco/gfl_r50_1x", ["model.backbone.type=resnext"]),
        ["gfl_x101_32x4d"] = ("coco/gfl_x101_32x4d_dcn_1x", ["model.backbone.deformable=null"]),
        ["gfl_r2n50_26w_4s"] = ("coco/gfl_r50_1x", ["model.backbone.type=res2net"]),
        ["gfl_r2n101_26w_4s"] = ("coco/gfl_r101_1x", ["model.backbone={type: res2net, depth: 101}"]),
        ["gfl_r50_dcnv1_c3c5"] = ("coco/gfl_r50_1x", ["model.backbone.deformable={version: 1}"]),
        ["gfl_r50_dcnv2_c3c5"] = ("coco/gfl_r50_1x", ["model.backbone.deformable={version: 2}"]),
    };

    /// <summary>The recipe of a network, and how many classes its data have.</summary>
    /// <param name="network">Its name in the golden files, such as <c>gfl_r50</c>.</param>
    public static (DetectorOptions Model, int Classes) Load(string network)
    {
        (string name, string[] overrides) = s_recipes[network];
        Recipe recipe = Recipe.Load(RecipeCatalog.Find([Path.Combine(Repository.Root, "recipes")], name), overrides);
        return (recipe.Model, recipe.Data.Classes.Count > 0 ? recipe.Data.Classes.Count : CocoClasses);
    }
}

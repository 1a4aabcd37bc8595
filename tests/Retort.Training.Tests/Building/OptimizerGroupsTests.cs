using Retort.Detection.Detectors;
using System.Text.Json;
using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Torch.Optimizers;
using Retort.Training.Building;
using Retort.Recipes;
using Retort.Training.Tests.Recipes;

namespace Retort.Training.Tests.Building;

public sealed class OptimizerGroupsTests : LeakCheckedTest
{
    [Fact]
    [Trait("Category", Golden.Category)]
    public void Rates_and_decays_of_fcos_are_the_references()
    {
        using var folder = new RecipeFolder();
        Recipe recipe = folder.Load($"include: {Repository.Root}/recipes/_base/fcos.yaml\n");
        using JsonDocument golden = Golden.ReadJson("state_dict_keys/optimizer_groups_fcos_gfl_r50.json.gz");
        string[] expected = [.. golden.RootElement.EnumerateArray().Where(e => e[3].GetBoolean())
            .Select(e => $"{e[0].GetString()} {e[1].GetDouble()} {e[2].GetDouble()}").Order()];
        using DenseDetector detector = DetectorBuilder.Build(recipe.Model, classes: 80);
        using Optimizer optimizer = OptimizerBuilder.Build(recipe.Optimizer, detector, learningRate: 0.01);
        var names = detector.NamedParameters().ToDictionary(p => p.Tensor, p => p.Name);
        IEnumerable<string> actual = optimizer.Groups.SelectMany(
            group => group.Parameters, (group, parameter) => $"{names[parameter]} {0.01 * group.LearningRateFactor} "
                + $"{group.WeightDecay ?? recipe.Optimizer.WeightDecay}");
        Assert.Equal(expected, actual.Order());
    }
}

using Retort.Detection.Detectors;
using System.Text.Json;
using Retort.Detection.Dense;
using Retort.Training.Building;
using Retort.Recipes;

namespace Retort.Training.Tests.Building;

/// <summary>
/// Names, order, shapes and types of the parameters of the recipes' detectors, so that checkpoints of other toolboxes load and ours load
/// there.
/// </summary>
[Trait("Category", Golden.Category)]
public class StateKeysGoldenTests : LeakCheckedTest
{
    // What else lies in the folder is no list of a network.
    private static readonly string[] s_others = ["optimizer_groups_fcos_gfl_r50"];

    public static TheoryData<string> Networks =>
        [.. Directory.GetFiles(Path.Combine(Golden.Folder, "state_dict_keys"), "*.json.gz")
            .Select(file => Path.GetFileName(file).Split('.')[0]).Except(s_others).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_recipe_of_a_network_has_the_reference_state(string network)
    {
        using JsonDocument golden = Golden.ReadJson($"state_dict_keys/{network}.json.gz");
        (DetectorOptions model, int classes) = GoldenRecipes.Load(network);
        using DenseDetector detector = DetectorBuilder.Build(model, classes);
        Assert.Equal(
            golden.RootElement.EnumerateArray().Select(e => $"{e[0].GetString()} [{string.Join(", ", e[1].EnumerateArray())}] "
                + $"{e[2].GetString()}"),
            detector.NamedState().Select(s => $"{s.Name} [{string.Join(", ", s.Tensor.Shape)}] "
                + $"{s.Tensor.Type.ToString().ToLowerInvariant()}"));
    }
}

using Retort.Recipes;

namespace Retort.Training.Tests.Recipes;

/// <summary>The classes of DOTA's versions, in the order of the authors' tools.</summary>
public sealed class DotaClassesTests : IDisposable
{
    private static readonly string[] s_first =
    [
        "plane", "baseball-diamond", "bridge", "ground-track-field", "small-vehicle", "large-vehicle", "ship", "tennis-court",
            "basketball-court",
        "storage-tank", "soccer-ball-field", "roundabout", "harbor", "swimming-pool", "helicopter",
    ];

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"retort-dota-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(null)]
    [InlineData("dota_v15", "container-crane")]
    [InlineData("dota_v20", "container-crane", "airport", "helipad")]
    public void A_part_adds_the_classes_of_a_later_version(string? part, params string[] more)
    {
        string recipes = Path.Combine(Repository.Root, "recipes");
        string[] parts = [Path.Combine(recipes, "dota", "gwd_r18_1x.yaml"), .. part is null ? Array.Empty<string>()
            : [Path.Combine(recipes, "_base", part + ".yaml")]];
        File.WriteAllText(_file, $"include: ['{string.Join("', '", parts)}']\n");
        Assert.Equal([.. s_first, .. more], Recipe.Load(_file).Data.Classes);
    }
}

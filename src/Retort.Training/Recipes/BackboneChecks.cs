using Retort.Detection.Layers;
using Retort.Training.Building;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>Checks that the options of a backbone describe one that can be built.</summary>
internal static class BackboneChecks
{
    /// <summary>Checks it.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="key">Where it stands in the recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(BackboneOptions backbone, string key, Action<bool, string, string> require)
    {
        require(backbone.Norm != NormalizationKind.None, $"{key}.norm", $"'{key}.norm' is batch or group");
        require(
            backbone.Type == BackboneKind.Resnet || backbone.Depth >= 50,
            $"{key}.depth",
            $"'{key}.type' is {Names.Value(backbone.Type)}, which has depth 50 or 101, but '{key}.depth' is {backbone.Depth}; change one of them");
        if (backbone.Deformable is { } deformable)
        {
            require(
                deformable.Stages.Count > 0 && deformable.Stages.Distinct().Count() == deformable.Stages.Count,
                $"{key}.deformable.stages",
                $"'{key}.deformable.stages' is [{string.Join(", ", deformable.Stages)}], but it needs at least one stage and none twice, such as [2, 3, 4]; for none 'deformable: null'");
        }

        string? problem = BackboneBuilder.Problem(backbone);
        string place = problem is null || !IsOfOffsetGroups(backbone) ? key : $"{key}.deformable.groups";
        require(problem is null, place, $"'{place}': {problem}");
    }

    private static bool IsOfOffsetGroups(BackboneOptions backbone) =>
        backbone.Deformable is { } deformable && BackboneBuilder.Problem(backbone with { Deformable = deformable with { Groups = 1 } }) is null;
}

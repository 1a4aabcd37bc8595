using System.Globalization;
using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Recipes;

namespace Retort.Training.Regions;

/// <summary>A region that the terms of a recipe teach in and that can be computed without a network.</summary>
/// <param name="Name">What people call it: its name in recipes, with options where the recipe has several of the kind.</param>
/// <param name="Region">Which kind.</param>
/// <param name="Valuable">Which valuable localization region, where it is one.</param>
public sealed record RecipeRegion(string Name, Region Region, ValuableRegionOptions Valuable)
{
    /// <summary>
    /// The regions of a recipe, each once: the main one first, which every detector has, then those of the terms. A recipe without a
    /// teacher has the valuable localization region with its defaults as well.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    public static IReadOnlyList<RecipeRegion> Of(Recipe recipe)
    {
        var valuable = new ValuableRegionOptions();
        IEnumerable<(Region Region, ValuableRegionOptions Valuable)> taught = recipe.Teacher is null
            ? [(Region.ValuableLocalization, valuable)]
            : recipe.Distillation.Where(t => AssignedRegions.Has(t.Region))
                .Select(t => (t.Region, t.Region == Region.ValuableLocalization ? t.Valuable : valuable));
        (Region Region, ValuableRegionOptions Valuable)[] all = [.. taught.Prepend((Region.Main, valuable)).Distinct()];
        bool several = all.Count(r => r.Region == Region.ValuableLocalization) > 1;
        return [.. all.Select(r => new RecipeRegion(NameOf(r.Region, r.Valuable, several), r.Region, r.Valuable))];
    }

    private static string NameOf(Region region, ValuableRegionOptions valuable, bool withOptions)
    {
        string name = OptionNames.Value(region);
        return withOptions && region == Region.ValuableLocalization
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, gamma {valuable.Gamma}, {OptionNames.Value(valuable.Overlap)}, "
                    + $"{OptionNames.Value(valuable.Threshold)}{(valuable.ExcludePositives ? ", without positives" : "")}")
            : name;
    }
}

using Retort.Core.Options;
using Retort.Recipes.Reading;

namespace Retort.Recipes;

/// <summary>
/// Checks that the options of a recipe fit each other: those of one record by the rules that stand on it, those of several records here.
/// Each one's own range was checked when it was bound.
/// </summary>
internal static class RecipeValidation
{
    /// <summary>Checks a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="source">What it was bound from, for the places in messages; null if that is not known.</param>
    /// <param name="mustHaveEffect">Of which options one without effect is refused; those of a recipe in a checkpoint no longer
    /// matter.</param>
    /// <exception cref="RecipeException">Options do not fit each other.</exception>
    public static void Check(Recipe recipe, RecipeMap? source, Predicate<string> mustHaveEffect)
    {
        OptionProblems problems = Problems(source);
        OptionRules.CheckTogether(recipe, problems, mustHaveEffect);
        DataChecks.Check(recipe, problems, mustHaveEffect);
        if (recipe.Distillation.Count > 0 && recipe.Teacher is null)
        {
            problems.Refuse(
                "distillation", "'distillation' needs a 'teacher': name its recipe and its weights (teacher: {recipe: teacher.yaml, "
                    + "weights: teacher.pth})");
        }

        TeachingChecks.Check(recipe, problems);
        if (recipe.Teacher?.Model is { } teacher)
        {
            TeachingChecks.CheckPair(recipe, teacher, problems);
        }
    }

    /// <summary>What the student's recipe must have in common with the recipe that the teacher was trained with.</summary>
    /// <param name="student">The student's recipe.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="source">What the student's was bound from; null if that is not known.</param>
    public static void CheckTeacher(Recipe student, Recipe teacher, RecipeMap? source)
    {
        OptionProblems problems = Problems(source);
        if (student.Data.Classes.Count > 0 && teacher.Data.Classes.Count > 0 && !student.Data.Classes.SequenceEqual(teacher.Data.Classes))
        {
            problems.Refuse(
                "teacher",
                $"the teacher's recipe has the classes [{string.Join(", ", teacher.Data.Classes)}], this one has "
                    + $"[{string.Join(", ", student.Data.Classes)}]; "
                + "both must have the same in the same order");
        }

        if (!student.Input.PreparesAs(teacher.Input))
        {
            problems.Refuse(
                "teacher",
                "the teacher's recipe has another 'input.mean', 'input.std' or 'input.colorOrder'; teacher and student look at the same "
                    + "image, so both recipes must prepare "
                + "it alike");
        }
    }

    private static OptionProblems Problems(RecipeMap? source) =>
        new((key, message) => throw new RecipeException(source is null ? message : $"{Place(source, key)}: {message}"));

    /// <summary>Where the key, or the nearest key above it that was written at all, stands. A number is an item of a list.</summary>
    private static string Place(RecipeMap source, string key)
    {
        RecipeNode node = source;
        RecipeOrigin place = source.Origin;
        foreach (string part in key.Split('.'))
        {
            if (node is RecipeMap map && map.Find(part) is { } entry)
            {
                (node, place) = (entry.Value, entry.KeyOrigin);
            }
            else if (node is RecipeList list && int.TryParse(part, out int item))
            {
                (node, place) = (list.Items[item], list.Items[item].Origin);
            }
            else if (node is not RecipeMap || part != "0")
            {
                // One item may stand for a list of one: then its keys are those of the map that is there.
                break;
            }
        }

        return place.ToString();
    }
}

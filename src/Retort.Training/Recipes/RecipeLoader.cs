using Retort.Torch.Checkpoints;
using Retort.Training.Building;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>From files and overrides to a checked <see cref="Recipe"/>.</summary>
internal static class RecipeLoader
{
    public static Recipe Load(string path, IEnumerable<string> overrides) => Load(overrides.Aggregate(RecipeSource.Read(path), RecipeSource.Override), path);

    /// <summary>From a tree with all that it includes and all that was laid over it.</summary>
    public static Recipe Load(RecipeMap tree, string path)
    {
        (RecipeMap resolved, Recipe? teacher) = ResolveTeacher((RecipeMap)EnvironmentReferences.Expand(tree));
        Recipe recipe = BindAndCheck(resolved, _ => true);
        if (teacher is not null)
        {
            RecipeValidation.CheckTeacher(recipe, teacher, resolved);
        }

        return recipe.Name.Length > 0 ? recipe : recipe with { Name = DefaultName(path) };
    }

    /// <summary>Canonical text stands for itself: nothing of the environment or of other files goes in, which a checkpoint from elsewhere could ask for.</summary>
    public static Recipe Parse(string yaml, string source, IEnumerable<string> overrides)
    {
        string[] given = [.. overrides], keys = [.. given.Select(assignment => assignment.Split('=')[0].Trim())];
        return BindAndCheck(
            given.Aggregate(YamlReader.ReadMap(yaml, source), RecipeSource.Override),
            option => keys.Any(key => option == key || option.StartsWith(key + ".", StringComparison.Ordinal)));
    }

    private static Recipe BindAndCheck(RecipeMap tree, Predicate<string> mustHaveEffect)
    {
        Recipe recipe = RecipeBinder.Bind<Recipe>(tree);
        RecipeValidation.Check(recipe, tree, mustHaveEffect);
        return recipe;
    }

    /// <summary>
    /// Puts the model of the recipe that <c>teacher.recipe</c> names in the place of that key (a <c>teacher.model</c> beside it wins), so
    /// that a recipe in a run folder stands for itself.
    /// </summary>
    private static (RecipeMap Resolved, Recipe? Teacher) ResolveTeacher(RecipeMap recipe)
    {
        if (recipe.Find("teacher") is not { Value: RecipeMap teacher } entry)
        {
            return (recipe, null);
        }

        if (teacher.Find(RecipeSource.TeacherRecipeKey) is not { } named)
        {
            return teacher.Find("model") is null ? FromCheckpoint(recipe, entry, teacher) : (recipe, null);
        }

        if (named.Value is not RecipeScalar { IsNull: false } path)
        {
            throw new RecipeException($"{named.KeyOrigin}: 'teacher.recipe' needs the path of a recipe, but {named.Value.Kind} stands there");
        }

        string file = RecipePlaces.Locate(path.Origin.Folder, path.Text);
        if (!File.Exists(file))
        {
            throw new RecipeException($"{path.Origin}: there is no recipe '{path.Text}' (looked for {RecipeSource.Shown(file)}; the path is relative to this file or to {RecipePlaces.Shipped}, the recipes that come with Retort)");
        }

        var source = (RecipeMap)EnvironmentReferences.Expand(RecipeSource.Read(file).Without("teacher", "distillation"));
        Recipe typed = RecipeBinder.Bind<Recipe>(source);
        RecipeMap model = WithoutWeights(source.Find("model")?.Value as RecipeMap ?? new RecipeMap(path.Origin, []));
        if (teacher.Find("model")?.Value is RecipeMap inline)
        {
            model = model.Overlay(inline);
        }

        RecipeMap resolved = teacher.Without(RecipeSource.TeacherRecipeKey).With(new RecipeEntry("model", named.KeyOrigin, model));
        return (recipe.With(entry with { Value = resolved }), typed);
    }

    /// <summary>Where no recipe is named, the weights may carry it: a checkpoint of Retort does.</summary>
    private static (RecipeMap Resolved, Recipe? Teacher) FromCheckpoint(RecipeMap recipe, RecipeEntry entry, RecipeMap teacher)
    {
        if (teacher.Find("weights")?.Value is not RecipeScalar { IsNull: false } weights || !File.Exists(weights.Text))
        {
            throw new RecipeException($"{teacher.Origin}: 'teacher' needs 'recipe', the path of the recipe that the teacher was trained with, or 'weights' that are a checkpoint of Retort, which carries it");
        }

        using Checkpoint file = Checkpoint.Open(weights.Text);
        Recipe trained = TrainedDetector.ReadRecipe(file);
        RecipeMap model = WithoutWeights(YamlReader.ReadMap(RecipeWriter.Write(trained.Model), $"{weights.Origin} (the recipe in {weights.Text})"));
        return (recipe.With(entry with { Value = teacher.With(new RecipeEntry("model", weights.Origin, model)) }), trained);
    }

    /// <summary>What the teacher's own training started from does not matter to its student.</summary>
    public static RecipeMap WithoutWeights(RecipeMap model)
    {
        model = model.Without("weights");
        return model.Find("backbone") is { Value: RecipeMap backbone } entry
            ? model.With(entry with { Value = backbone.Without("weights") })
            : model;
    }

    /// <summary>The place below a folder <c>recipes</c> without the extension, otherwise the file's name.</summary>
    private static string DefaultName(string path)
    {
        string[] parts = Path.ChangeExtension(Path.GetFullPath(path), null).Split(Path.DirectorySeparatorChar);
        int folder = Array.LastIndexOf(parts, "recipes", parts.Length - 2);
        return folder >= 0 ? string.Join('/', parts[(folder + 1)..]) : parts[^1];
    }
}

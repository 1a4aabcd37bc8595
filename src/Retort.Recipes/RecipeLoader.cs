using Retort.Detection.Detectors;
using Retort.Recipes.Reading;

namespace Retort.Recipes;

/// <summary>From files and overrides to a checked <see cref="Recipe"/>.</summary>
internal static class RecipeLoader
{
    public static Recipe Load(string path, IEnumerable<string> overrides) =>
        Load(overrides.Aggregate(RecipeSource.Read(path), RecipeSource.Override), path);

    /// <summary>From a tree with all that it includes and all that was laid over it.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="path">The file, which the recipe is named after where it has no name.</param>
    /// <param name="teacher">The teacher in place of the one in the tree, where the key <c>teacher</c> is only a place for messages; null
    /// for the tree's own.</param>
    public static Recipe Load(RecipeMap tree, string path, TeacherOptions? teacher = null)
    {
        (RecipeMap resolved, Recipe? trained) = ResolveTeacher((RecipeMap)EnvironmentReferences.Expand(tree), teacher);
        Recipe recipe = RecipeBinder.Bind<Recipe>(teacher is null ? resolved : resolved.Without("teacher"));
        recipe = teacher is null ? recipe : recipe with { Teacher = teacher };
        RecipeValidation.Check(recipe, resolved, _ => true);
        if (trained is not null)
        {
            RecipeValidation.CheckTeacher(recipe, trained, resolved);
        }

        return recipe.Name.Length > 0 ? recipe : recipe with { Name = DefaultName(path) };
    }

    /// <summary>
    /// Canonical text stands for itself: nothing of the environment or of other files goes in, which a checkpoint from elsewhere could ask
    /// for.
    /// </summary>
    public static Recipe Parse(string yaml, string source, IEnumerable<string> overrides)
    {
        string[] given = [.. overrides], keys = [.. given.Select(assignment => assignment.Split('=')[0].Trim())];
        RecipeMap tree = given.Aggregate(RecipeFormat.Read(yaml, source), RecipeSource.Override);
        Recipe recipe = RecipeBinder.Bind<Recipe>(tree);
        RecipeValidation.Check(recipe, tree, option => keys.Any(key => option == key
            || option.StartsWith(key + ".", StringComparison.Ordinal)));
        return recipe;
    }

    /// <summary>A model without what its own training started from, which does not matter to its student.</summary>
    public static DetectorOptions WithoutWeights(DetectorOptions model) =>
        model with { Weights = null, Backbone = model.Backbone with { Weights = null } };

    /// <summary>
    /// Puts the model of the recipe that <c>teacher.recipe</c> names in the place of that key (a <c>teacher.model</c> beside it wins), so
    /// that a recipe in a run folder stands for itself.
    /// </summary>
    private static (RecipeMap Resolved, Recipe? Trained) ResolveTeacher(RecipeMap recipe, TeacherOptions? given)
    {
        if (given is not null || recipe.Find("teacher") is not { Value: RecipeMap teacher } entry
            || teacher.Find(RecipeSource.TeacherRecipeKey) is not { } named)
        {
            return (recipe, null);
        }

        if (named.Value is not RecipeScalar { IsNull: false } path)
        {
            throw new RecipeException(
                $"{named.KeyOrigin}: 'teacher.recipe' needs the path of a recipe, but {named.Value.Kind} stands there");
        }

        string file = RecipePlaces.Locate(path.Origin.Folder, path.Text);
        if (!File.Exists(file))
        {
            throw new RecipeException(
                $"{path.Origin}: there is no recipe '{path.Text}' (looked for {RecipeSource.Shown(file)}; the path is relative to this "
                    + $"file or to {RecipePlaces.Shipped}, "
                + "the recipes that come with Retort)");
        }

        var source = (RecipeMap)EnvironmentReferences.Expand(RecipeSource.Read(file).Without("teacher", "distillation"));
        Recipe typed = RecipeBinder.Bind<Recipe>(source);
        RecipeMap model = WithoutWeights(source.Find("model")?.Value as RecipeMap ?? new RecipeMap(path.Origin, []));
        if (teacher.Find("model")?.Value is RecipeMap inline)
        {
            model = model.Overlay(inline, RecordChoice.Of(typeof(DetectorOptions), usual: null, model));
        }

        RecipeMap resolved = teacher.Without(RecipeSource.TeacherRecipeKey).With(new RecipeEntry("model", named.KeyOrigin, model));
        return (recipe.With(entry with { Value = resolved }), typed);
    }

    private static RecipeMap WithoutWeights(RecipeMap model)
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

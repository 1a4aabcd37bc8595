using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Recipes;

namespace Retort.Cli.Recipes;

/// <summary>The argument and the option by which commands take a recipe.</summary>
internal static class RecipeOptions
{
    /// <summary>A recipe: a file, or a name that <c>retort recipes</c> lists.</summary>
    public static Argument<string> Argument(string description = "A recipe: a YAML file, or a name that 'retort recipes' lists.") =>
        new(Failure.RecipeArgument) { Description = description };

    /// <summary>Overrides of recipe options.</summary>
    public static Option<string[]> Set() => new("--set")
    {
        Description = "Change an option of the recipe; may be given several times.",
        HelpName = "key.path=value",
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Loads what the two were given.</summary>
    public static Recipe Load(string nameOrFile, string[] overrides) => Recipe.Load(Find(nameOrFile), overrides);

    /// <summary>The file of a recipe.</summary>
    public static string Find(string nameOrFile)
    {
        MistakenRecipe.Refuse(nameOrFile);
        return RecipeCatalog.Find(RecipePlaces.All, nameOrFile);
    }
}

using System.CommandLine;
using Retort.Recipes;

namespace Retort.Cli.Recipes;

/// <summary>Which part of a recipe's data a command that shows data looks at.</summary>
internal static class DatasetPartOption
{
    /// <summary>The option that chooses it.</summary>
    public static Option<bool> Option() => new("--val") { Description = "Show the part to measure with instead of the part to train on." };

    /// <summary>The part.</summary>
    /// <exception cref="RecipeException">The recipe has nothing to measure with.</exception>
    public static DatasetOptions Of(DataOptions data, bool val) =>
        !val ? data.Train : data.Val ?? throw new RecipeException("the recipe has no 'data.val' to show");
}

using System.Text;
using Retort.Core;
using Retort.Core.Files;
using Retort.Recipes.Reading;
using Retort.Recipes;

namespace Retort.Training.Runs;

/// <summary>The folder of one training run and the names of the files in it.</summary>
public sealed class RunFolder
{
    private const int ChangesNamed = 5;

    private RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The whole recipe of the run, without inclusions: what a resumed run and <c>predict</c> read.</summary>
    public string RecipeFile => In("recipe.yaml");

    /// <summary>The log, one JSON object a line.</summary>
    public string LogFile => In("log.jsonl");

    /// <summary>All that is needed to go on: weights, optimizer, average, place in the data. Replaced as a whole.</summary>
    public string LastCheckpoint => In("last.ckpt");

    /// <summary>The checkpoint that measured best.</summary>
    public string BestCheckpoint => In("best.ckpt");

    /// <summary>The batch that gave a loss that is not a number, for finding out why.</summary>
    public string OffendingBatch => In("nan-batch.safetensors");

    /// <summary>Whether there is a run that could go on.</summary>
    public bool CanResume => File.Exists(LastCheckpoint);

    /// <summary>The folder that a recipe's run belongs in; nothing is made or checked.</summary>
    /// <param name="recipe">The recipe.</param>
    public static RunFolder For(Recipe recipe) => new(System.IO.Path.Combine(recipe.Output, recipe.Name));

    /// <summary>The run in an existing folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="RunException">There is no run in it.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path);
        return File.Exists(folder.RecipeFile) ? folder
            : throw new RunException(
            $"{path}: this is not the folder of a run (it has no {System.IO.Path.GetFileName(folder.RecipeFile)})");
    }

    /// <summary>Makes the folder for a new run and writes the recipe into it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="RunException">There is a run already, or the folder cannot be written.</exception>
    public static RunFolder Create(Recipe recipe)
    {
        RunFolder folder = For(recipe);
        folder.RequireNew(recipe);
        folder.WriteRecipe(recipe);
        return folder;
    }

    /// <summary>
    /// The folder of a run to go on with, or of a new one where it had not begun. The recipe must be the one that the run was started with.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="allowChanges">Goes on with a changed recipe, which takes the place of the former one.</param>
    /// <exception cref="RunException">The recipe differs in something that has an effect; the message names it. Or the folder cannot be
    /// written.</exception>
    public static RunFolder Continue(Recipe recipe, bool allowChanges = false)
    {
        RunFolder folder = For(recipe);
        folder.RequireSame(recipe, allowChanges);
        folder.WriteRecipe(recipe);
        return folder;
    }

    /// <summary>Refuses what <see cref="Create"/> would, and writes nothing.</summary>
    /// <param name="recipe">The recipe.</param>
    public void RequireNew(Recipe recipe)
    {
        if (CanResume)
        {
            throw new RunException($"{Path}: there is a run in this folder; continue it with --resume, "
                + $"start beside it with --set name={recipe.Name}-2, or remove the folder");
        }
    }

    /// <summary>Refuses what <see cref="Continue"/> would, and writes nothing.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="allowChanges">Whether it may be changed.</param>
    public void RequireSame(Recipe recipe, bool allowChanges)
    {
        if (!allowChanges && Changes(recipe) is { Count: > 0 } changes)
        {
            throw new RunException($"{Path}: this run was started with another recipe ({Describe(changes)}); put that back, "
                + $"start beside it with --set name={recipe.Name}-2, remove the folder, or go on with the changes by --allow-changes");
        }
    }

    /// <summary>
    /// What a recipe changes of the one that the run in this folder was started with; nothing where there is no run that could go on.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    public IReadOnlyList<RecipeChange> Changes(Recipe recipe) =>
        CanResume && File.Exists(RecipeFile) ? RecipeChange.Between(Recipe.Parse(UserFiles.ReadAllText(RecipeFile), RecipeFile), recipe)
            : [];

    /// <summary>Changes in one clause; of many the first few.</summary>
    /// <param name="changes">At least one change.</param>
    public static string Describe(IReadOnlyList<RecipeChange> changes) =>
        string.Join(", ", changes.Take(ChangesNamed)) + (changes.Count > ChangesNamed ? $" and {changes.Count - ChangesNamed} more" : "");

    /// <summary>Refuses to take a name that a person gave for the name of a new run.</summary>
    /// <param name="recipe">The recipe with the name.</param>
    /// <exception cref="RunException">There is no such run; the message names the nearest.</exception>
    public static void RequireBegun(Recipe recipe)
    {
        RunFolder folder = For(recipe);
        if (!File.Exists(folder.RecipeFile))
        {
            string[] runs = Directory.Exists(recipe.Output)
                ? [.. UserFiles.List(recipe.Output, System.IO.Path.GetFileName(folder.RecipeFile), below: true)
                    .Select(file => System.IO.Path.GetRelativePath(recipe.Output, System.IO.Path.GetDirectoryName(file)!))
                        .Order(StringComparer.Ordinal)]
                : [];
            throw new RunException($"{folder.Path}: there is no run of the name '{recipe.Name}' to "
                + $"continue{(runs.Length > 0 ? Spelling.Hint(recipe.Name, runs) : "")}; "
                + "to start it, leave --resume out");
        }
    }

    /// <summary>Writes the recipe, which also finds out before hours of training that the folder can be written.</summary>
    private void WriteRecipe(Recipe recipe)
    {
        try
        {
            AtomicFile.Write(RecipeFile, stream => stream.Write(Encoding.UTF8.GetBytes(recipe.ToYaml())), createFolder: true);
        }
        catch (UserFileException e)
        {
            throw new RunException($"{Path}: the run folder cannot be written ({e.Reason}); choose another place with --set output=...", e);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

using System.CommandLine;
using Retort.Cli.Recipes;

namespace Retort.Cli.Training;

/// <summary>What <c>retort study</c> takes.</summary>
internal sealed class StudyArguments
{
    public Argument<string?> File { get; } = new("study")
    {
        Description = "A study: a YAML file (docs/studies.md), or the name of one in "
        + "recipes/studies. Without it the studies are listed.",
        Arity = ArgumentArity.ZeroOrOne
    };

    public Option<string[]> Row { get; } = new("--row")
    {
        Description = "Only this row, with its teachers and the row that all are "
        + "compared with; may be given several times.",
        HelpName = "name",
        DefaultValueFactory = _ => []
    };

    public Option<bool> Table { get; } = new("--table") { Description = "Print the table of what there is so far, and run nothing." };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "List what would run and what could not, and run nothing." };

    public Option<string> Output { get; } =
        new("--output")
        {
            Description = "The folder that the study's own folder is made in.",
            HelpName = "folder",
            DefaultValueFactory = _ => Path.Combine("runs", "studies")
        };

    public Option<string[]> Set { get; } = RecipeOptions.Set();

    public Option<bool> AllowChanges { get; } = TrainCommand.AllowChanges();

    /// <summary>Adds them in the order in which the help shows them.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(File);
        foreach (Option option in (Option[])[Row, Table, DryRun, Output, Set, AllowChanges])
        {
            command.Options.Add(option);
        }
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Retort.Cli.Shell;
using Retort.Cli.Studies;
using Retort.Training.Recipes;
using Retort.Training.Studies;

namespace Retort.Cli.Commands;

/// <summary><c>retort study</c>: runs a list of recipes, goes on where it stopped, and prints the table.</summary>
internal static class StudyCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string?> file = new("study") { Description = "A study: a YAML file (docs/studies.md), or the name of one in recipes/studies. Without it the studies are listed.", Arity = ArgumentArity.ZeroOrOne };
        Option<string[]> row = new("--row") { Description = "Only this row, with its teachers and the row that all are compared with; may be given several times.", HelpName = "name", DefaultValueFactory = _ => [] };
        Option<bool> table = new("--table") { Description = "Print the table of what there is so far, and run nothing." };
        Option<bool> dryRun = new("--dry-run") { Description = "List what would run and what could not, and run nothing." };
        Option<string> output = new("--output") { Description = "The folder that the study's own folder is made in.", HelpName = "folder", DefaultValueFactory = _ => Path.Combine("runs", "studies") };
        Option<string[]> set = RecipeOptions.Set();
        Option<bool> allowChanges = TrainCommand.AllowChanges();
        var command = new DocumentedCommand(
            "study",
            "Run the recipes that a study lists, each after its teacher, and print the table. The same command continues a study that was stopped; rows that are complete are not run again.",
            "retort study",
            "retort study table2_bccd",
            "retort study table2_bccd --dry-run",
            "retort study table6 --row gi --row ld-gi",
            "retort study my-study.yaml --set data.root=/data/mine --set schedule.epochs=24")
        {
            file, row, table, dryRun, output, set, allowChanges,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(table) && parsed.GetValue(dryRun))
            {
                throw new InvalidDataException("give --table or --dry-run, not both");
            }

            if (parsed.GetValue(file) is not { } name)
            {
                RequireAlone(parsed);
                List(terminal);
                return CommandLine.Success;
            }

            Study study = Study.Load(Study.Find(RecipePlaces.All, name), RecipePlaces.All, parsed.GetRequiredValue(output), parsed.GetValue(set)!);
            IReadOnlyList<StudyRow> rows = study.Choose(parsed.GetRequiredValue(row));
            var report = new StudyReport(terminal, study, rows);
            if (parsed.GetValue(dryRun))
            {
                report.PrintPlan();
                return CommandLine.Success;
            }

            int code = parsed.GetValue(table) ? CommandLine.Success : new StudyExecution(terminal, study, rows).Run(parsed.GetValue(allowChanges));
            report.PrintTable();
            return code;
        });
        return command;
    }

    private static void RequireAlone(ParseResult parsed)
    {
        if (parsed.CommandResult.Children.OfType<OptionResult>().Any(option => !option.Implicit))
        {
            throw new InvalidDataException("name a study; 'retort study' without anything else lists them");
        }
    }

    private static void List(Terminal terminal)
    {
        foreach (string file in Study.Files(RecipePlaces.All))
        {
            terminal.Output.WriteLine($"{Path.GetFileNameWithoutExtension(file)}: {Study.TitleOf(file)}");
        }

        terminal.Error.WriteLine("'retort study NAME --dry-run' lists what one would run.");
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Recipes;
using Retort.Training.Studies;

namespace Retort.Cli.Training;

/// <summary><c>retort study</c>: runs a list of recipes, goes on where it stopped, and prints the table.</summary>
internal static class StudyCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new StudyArguments();
        var command = new DocumentedCommand(
            "study",
            "Run the recipes that a study lists, each after its teacher, and print the table. The same command continues a study that "
                + "was stopped; rows that are complete are not run again.",
            "retort study",
            "retort study table2_bccd",
            "retort study table2_bccd --dry-run",
            "retort study table6 --row gi --row ld-gi",
            "retort study my-study.yaml --set data.root=/data/mine --set schedule.epochs=24");
        arguments.AddTo(command);
        command.SetAction(parsed => Run(terminal, arguments, parsed));
        return command;
    }

    private static int Run(Terminal terminal, StudyArguments arguments, ParseResult parsed)
    {
        (bool table, bool dryRun, bool allowChanges) =
            (parsed.GetValue(arguments.Table), parsed.GetValue(arguments.DryRun), parsed.GetValue(arguments.AllowChanges));
        if (table && (dryRun || allowChanges))
        {
            throw new RetortException(dryRun ? "give --table or --dry-run, not both"
                : "--allow-changes is for runs, and --table runs nothing; omit one of them");
        }

        if (parsed.GetValue(arguments.File) is not { } name)
        {
            RequireAlone(parsed);
            List(terminal);
            return ExitCode.Success;
        }

        Study study = Study.Load(Study.Find(RecipePlaces.All, name), RecipePlaces.All, parsed.GetRequiredValue(arguments.Output),
            parsed.GetValue(arguments.Set)!);
        IReadOnlyList<StudyRow> rows = study.Choose(parsed.GetRequiredValue(arguments.Row));
        var report = new StudyReport(terminal, study, rows);
        if (dryRun)
        {
            report.PrintPlan(allowChanges);
            return ExitCode.Success;
        }

        int code = table ? ExitCode.Success : new StudyExecution(terminal, study, rows).Run(allowChanges);
        report.PrintTable();
        return code;
    }

    private static void RequireAlone(ParseResult parsed)
    {
        if (parsed.CommandResult.Children.OfType<OptionResult>().Any(option => !option.Implicit))
        {
            throw new RetortException("name a study; 'retort study' without anything else lists them");
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

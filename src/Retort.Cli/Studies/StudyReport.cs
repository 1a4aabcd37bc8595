using System.Globalization;
using Retort.Cli.Shell;
using Retort.Training.Runs;
using Retort.Training.Studies;
using Spectre.Console;

namespace Retort.Cli.Studies;

/// <summary>What a person sees of a study: what is to be done, and the table.</summary>
internal sealed class StudyReport(Terminal terminal, Study study)
{
    /// <summary>Lists every run with what would happen to it.</summary>
    public void PrintPlan()
    {
        Table table = Terminal.NewTable("run", "recipe", "teacher", ">epochs", ">seed", "what happens");
        foreach (StudyRun run in study.Runs)
        {
            table.AddRow(
                Markup.Escape(run.Recipe.Name),
                Markup.Escape(study.Rows.First(row => row.Name == run.RowName).RecipeName),
                Markup.Escape(run.TeacherName ?? run.Recipe.Teacher?.Weights ?? ""),
                run.Recipe.Schedule.Epochs.ToString(CultureInfo.InvariantCulture),
                run.Recipe.Seed.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(Intention(run)));
        }

        terminal.Write(table);
        terminal.Error.WriteLine($"runs go to {study.Folder}");
    }

    /// <summary>Prints the table, and leaves it in the study's folder where there is one.</summary>
    public void PrintTable()
    {
        var table = new StudyTable(StudyResults.Read(study));
        terminal.Output.WriteLine(study.Title);
        Table shown = Terminal.NewTable([.. table.Headings]);
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            shown.AddRow([.. row.Select(Markup.Escape)]);
        }

        terminal.Write(shown);
        if (Directory.Exists(study.Folder))
        {
            table.Save();
            terminal.Error.WriteLine($"the table is in {Path.Combine(study.Folder, "results.md")} and results.json");
        }
    }

    private static string Intention(StudyRun run)
    {
        if (run.Folder.Changes(run.Recipe) is { Count: > 0 } changes)
        {
            return $"refused, its recipe has changed ({RunFolder.Describe(changes)})";
        }

        StudyRunResult result = run.Result();
        return result.IsComplete ? "complete" : run.Folder.CanResume ? $"continues in epoch {result.Epochs + 1}" : "runs";
    }
}

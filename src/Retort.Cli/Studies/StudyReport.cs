using System.Globalization;
using Retort.Cli.Shell;
using Retort.Training.Runs;
using Retort.Training.Studies;
using Spectre.Console;

namespace Retort.Cli.Studies;

/// <summary>What a person sees of a study: what is to be done, and the table.</summary>
internal sealed class StudyReport(Terminal terminal, Study study, IReadOnlyList<StudyRow> rows)
{
    /// <summary>Lists every run with what would happen to it.</summary>
    public void PrintPlan()
    {
        Table table = Terminal.NewTable("run", "recipe", "teacher", ">epochs", ">seed", "what happens");
        foreach (StudyRun run in Study.RunsOf(rows))
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

    /// <summary>Prints the table of the chosen rows, and leaves that of all rows in the study's folder where there is one.</summary>
    public void PrintTable()
    {
        StudyResults all = StudyResults.Read(study);
        var table = new StudyTable(all with { Rows = [.. all.Rows.Where(result => rows.Contains(result.Row))] });
        terminal.Output.WriteLine(study.Title);
        Table shown = Terminal.NewTable([.. table.Headings]);
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            shown.AddRow([.. row.Select(Markup.Escape)]);
        }

        terminal.Write(shown);
        if (Directory.Exists(study.Folder))
        {
            new StudyTable(all).Save();
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

using System.Globalization;
using Retort.Cli.Shell;
using Retort.Training.Running;
using Retort.Training.Runs;
using Retort.Training.Studies;
using Spectre.Console;

namespace Retort.Cli.Training;

/// <summary>What a person sees of a study: what is to be done, and the table.</summary>
internal sealed class StudyReport(Terminal terminal, Study study, IReadOnlyList<StudyRow> rows)
{
    /// <summary>Lists every run with what would happen to it.</summary>
    /// <param name="allowChanges">Whether runs would go on although their recipes have changed.</param>
    public void PrintPlan(bool allowChanges)
    {
        Table table = Terminal.NewTable("run", "recipe", "teacher", Heading.Number("epochs"), Heading.Number("seed"), "what happens");
        var hindered = new Dictionary<StudyRun, string>();
        foreach (StudyRun run in Study.RunsOf(rows))
        {
            table.AddRow(
                Markup.Escape(run.Recipe.Name),
                Markup.Escape(study.Rows.First(row => row.Name == run.RowName).RecipeName),
                Markup.Escape(run.TeacherName ?? run.Recipe.Teacher?.Weights ?? ""),
                run.Recipe.Schedule.Epochs.ToString(CultureInfo.InvariantCulture),
                run.Recipe.Seed.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(Intention(run, allowChanges, hindered)));
        }

        terminal.Write(table);
        foreach ((StudyRun run, string reason) in hindered)
        {
            terminal.Output.WriteLine($"{run.Recipe.Name} cannot run: {reason}");
        }

        terminal.Error.WriteLine($"runs go to {study.Folder}");
    }

    /// <summary>Prints the table of the chosen rows, and leaves that of all rows in the study's folder where there is one.</summary>
    public void PrintTable()
    {
        StudyResults all = StudyResults.Read(study);
        var table = new StudyTable(all with { Rows = [.. all.Rows.Where(result => rows.Contains(result.Row))] });
        terminal.Output.WriteLine(study.Title);
        Table shown = Terminal.NewTable([table.Headings[0], .. table.Headings.Skip(1).Select(Heading.Number)]);
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

    /// <summary>What would happen to a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="allowChanges">Whether it goes on although its recipe has changed.</param>
    /// <param name="hindered">The runs that cannot run, and why; this one is added where it cannot either.</param>
    private static string Intention(StudyRun run, bool allowChanges, Dictionary<StudyRun, string> hindered)
    {
        string changed = run.Folder.Changes(run.Recipe) is { Count: > 0 } changes
            ? $", its recipe has changed ({RunFolder.Describe(changes)})" : "";
        if (changed.Length > 0 && !allowChanges)
        {
            return $"refused{changed}";
        }

        StudyRunResult result = run.Result();
        if (!result.IsComplete && Hindrance(run, hindered) is { } hindrance)
        {
            hindered.Add(run, hindrance);
            return "cannot run";
        }

        return (result.IsComplete ? "complete" : run.Folder.CanResume ? $"continues in epoch {result.Epochs + 1}" : "runs") + changed;
    }

    private static string? Hindrance(StudyRun run, Dictionary<StudyRun, string> hindered)
    {
        IReadOnlyList<string> missing = RequiredFiles.Missing(run.Recipe, withTeacher: run.TeacherName is null);
        return missing.Count > 0 ? $"there is no {string.Join(" and no ", missing)}"
            : run.TeacherName is { } teacher && hindered.Keys.Any(other => other.RowName == teacher)
                ? $"its teacher, the row '{teacher}', cannot"
            : null;
    }
}

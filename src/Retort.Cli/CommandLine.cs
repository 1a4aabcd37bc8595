using System.CommandLine;
using System.CommandLine.Parsing;
using Retort.Cli.Data;
using Retort.Cli.Evaluation;
using Retort.Cli.Prediction;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Cli.Training;

namespace Retort.Cli;

/// <summary>The <c>retort</c> command: its sub-commands, and what a failure means.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="arguments">What follows <c>retort</c>.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>The exit code of the process.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        ParseResult parsed = Root(terminal).Parse(arguments.Count == 0 ? ["--help"] : arguments);
        if ((parsed.Errors.Count > 0 || Mistyping.StrayOption(parsed) is not null) && parsed.Action?.ClearsParseErrors != true)
        {
            return Refuse(parsed, terminal);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false
            });
        }
        catch (Exception e)
        {
            return Report(Failure.Cause(e), terminal, parsed);
        }
    }

    /// <summary>The command with all its sub-commands.</summary>
    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Retort trains small object detectors by distilling what a large one knows about classes and box edges.")
        {
            TrainCommand.CreateTrain(terminal),
            TrainCommand.CreateDistill(terminal),
            StudyCommand.Create(terminal),
            PredictCommand.Create(terminal),
            PublishCommand.Create(terminal),
            SpeedCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            DemoCommand.Create(terminal),
            RecipesCommand.Create(terminal),
            EvalCommand.Create(terminal),
            CompareCommand.Create(terminal),
            CheckpointCommand.Create(terminal),
            DatasetCommand.Create(terminal),
        };
        HelpWithExamples.Install(root);
        return root;
    }

    private static int Report(Exception e, Terminal terminal, ParseResult parsed)
    {
        int code = e is OperationCanceledException ? ExitCode.Interrupted : ExitCode.Of(e.GetType());
        try
        {
            terminal.Error.WriteLine(code == ExitCode.InternalError
                ? $"retort: internal error (a bug in Retort); please report it with what follows.\n{e}"
                : $"retort: {Failure.Text(e, parsed)}");
        }
        catch (IOException)
        {
            // The terminal was closed: there is nobody to tell.
        }

        return code;
    }

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        // One wrong word makes errors of all that follow it.
        string[] messages = Mistyping.Explain(parsed) is { } explained ? [explained]
            : [.. parsed.Errors.Select(ParseMessages.Human).Distinct()];
        foreach (string message in messages)
        {
            terminal.Error.WriteLine($"retort: {message}");
        }

        string path = string.Join(' ', Ancestors(parsed.CommandResult).Reverse().Skip(1).Select(c => c.Command.Name).Prepend("retort"));
        terminal.Error.WriteLine($"'{path} --help' shows how it is used.");
        return ExitCode.InputError;
    }

    private static IEnumerable<CommandResult> Ancestors(CommandResult command)
    {
        for (CommandResult? at = command; at is not null; at = at.Parent as CommandResult)
        {
            yield return at;
        }
    }
}

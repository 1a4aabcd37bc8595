using System.CommandLine;
using Retort.Cli.Progress;
using Retort.Cli.Shell;

namespace Retort.Cli.Tests;

/// <summary>What a person sees of one command.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CapturedCommand(int Code, string Output, string Error)
{
    /// <summary>Runs a command in this process with a screen of 110 characters.</summary>
    public static CapturedCommand Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(arguments, new Terminal(output, error, 110, new ProgressReporter(error)));

        // Here the process is the test host.
        return new CapturedCommand(code, output.ToString().Replace(RootCommand.ExecutableName, "retort", StringComparison.Ordinal),
            error.ToString());
    }
}

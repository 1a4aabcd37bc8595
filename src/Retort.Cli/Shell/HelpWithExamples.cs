using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Retort.Cli.Shell;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">The word that calls it.</param>
/// <param name="description">One or two sentences.</param>
/// <param name="examples">Whole command lines.</param>
internal sealed class DocumentedCommand(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>The usual help, then the examples of a <see cref="DocumentedCommand"/>.</summary>
/// <param name="usual">The action to extend.</param>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Extends the help of the root command and of all below it.</summary>
    /// <param name="root">The root command.</param>
    public static void Install(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is DocumentedCommand { Examples.Count: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return code;
    }
}

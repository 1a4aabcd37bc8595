using Retort.Cli.Progress;
using Spectre.Console;

namespace Retort.Cli.Shell;

/// <summary>
/// Where a command writes. Results go to <see cref="Output"/> and nothing else does, so that it can be piped; whatever else a person should
/// know goes to <see cref="Error"/>.
/// </summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="width">Characters a line that tables may take.</param>
/// <param name="progress">What shows progress.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, int width, ProgressReporter progress)
{
    /// <summary>Tables in a file or a pipe are not cut to the width of a screen that is not there.</summary>
    private const int WidthWithoutScreen = 160;

    /// <summary>Standard output as text.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Standard error as text.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>What shows progress.</summary>
    public ProgressReporter Progress { get; } = progress;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() => new(
        new StandardOutput(Console.Out),
        Console.Error,
        Console.IsOutputRedirected || Console.WindowWidth == 0 ? WidthWithoutScreen : Math.Max(40, Console.WindowWidth),
        ProgressReporter.ForConsole());

    /// <summary>A table in the style of all tables.</summary>
    /// <param name="columns">The headings.</param>
    public static Table NewTable(params ReadOnlySpan<Heading> columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (Heading heading in columns)
        {
            var column = new TableColumn(Markup.Escape(heading.Text)) { NoWrap = heading.IsNumber };
            table.AddColumn(heading.IsNumber ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Writes a table to standard output, without blanks at the ends of lines.</summary>
    /// <param name="table">The table.</param>
    public void Write(Table table)
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Write(table);
        foreach (string line in text.ToString().Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0))
        {
            Output.WriteLine(line);
        }
    }
}

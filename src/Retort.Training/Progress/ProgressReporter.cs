namespace Retort.Training.Progress;

/// <summary>
/// Shows a waiting person what goes on: on a terminal one line that is drawn anew, with rate and remaining time; elsewhere a plain line every
/// few seconds. Everything goes to one writer (usually standard error), so that standard output stays clean.
/// </summary>
/// <remarks>All members may be called from any thread. One task is shown at a time: the one that advanced last.</remarks>
public sealed class ProgressReporter
{
    /// <summary>Taken for the width of a terminal that does not know it and says 0, as some that are emulated do.</summary>
    private const int UnknownWidth = 80;

    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly TextWriter _output;
    private readonly Func<int>? _width;
    private readonly TimeProvider _time;
    private long _lastDrawn;
    private bool _lineShown;

    /// <summary>A reporter to a writer.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="terminalWidth">For a terminal: its width in characters, asked anew for each line. Null: not a terminal.</param>
    /// <param name="time">The clock; by default the system's.</param>
    public ProgressReporter(TextWriter output, Func<int>? terminalWidth = null, TimeProvider? time = null)
    {
        (_output, _width, _time) = (output, terminalWidth, time ?? TimeProvider.System);
        _lastDrawn = _time.GetTimestamp();
    }

    /// <summary>A reporter to standard error, live where that is a terminal.</summary>
    public static ProgressReporter ForConsole() => new(Console.Error, Console.IsErrorRedirected ? null : () => Console.WindowWidth);

    /// <summary>A reporter that shows nothing.</summary>
    public static ProgressReporter Silent { get; } = new(TextWriter.Null);

    /// <summary>Starts a task. Disposing of it writes its last line.</summary>
    /// <param name="what">What is being done, such as <c>epoch 3/12</c>.</param>
    /// <param name="total">How much there is to do; above 0.</param>
    /// <param name="unit">What is counted, in the plural, such as <c>images</c>.</param>
    public ProgressTask Start(string what, long total, string unit) => new(this, _time, what, total, unit);

    /// <summary>Writes a line that stays, such as a measurement.</summary>
    /// <param name="line">The text.</param>
    public void Say(string line)
    {
        lock (_lock)
        {
            Clear();
            _output.WriteLine(line);
            _output.Flush();
        }
    }

    /// <summary>Draws the task if it is time to.</summary>
    internal void Draw(ProgressTask task)
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_lastDrawn) < (_width is null ? PlainInterval : LiveInterval))
            {
                return;
            }

            _lastDrawn = _time.GetTimestamp();
            if (_width is null)
            {
                _output.WriteLine(task.Line());
            }
            else
            {
                string line = task.Line();
                int width = Math.Max(10, (_width() is > 0 and int known ? known : UnknownWidth) - 1);
                _output.Write("\r" + (line.Length > width ? line[..width] : line) + "\x1b[K");
                _lineShown = true;
            }

            _output.Flush();
        }
    }

    /// <summary>Takes a line back that is drawn anew on a terminal.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            if (_lineShown)
            {
                _output.Write("\r\x1b[K");
                _lineShown = false;
            }
        }
    }
}

using Retort.Core.Progress;

namespace Retort.Cli.Progress;

/// <summary>
/// Shows a waiting person what goes on: on a terminal one line that is drawn anew, with rate and remaining time; elsewhere a plain line
/// every few seconds. Everything goes to one writer (usually standard error), so that standard output stays clean.
/// </summary>
/// <remarks>All members may be called from any thread. One task is shown at a time: the one that advanced last.</remarks>
internal sealed class ProgressReporter : IProgressReporter
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
    private bool _gone;

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

    /// <summary>Starts a task. Disposing of it writes its last line.</summary>
    /// <param name="what">What is being done, such as <c>epoch 3/12</c>.</param>
    /// <param name="total">How much there is to do; above 0.</param>
    /// <param name="unit">What is counted, in the plural, such as <c>images</c>.</param>
    public ProgressTask Start(string what, long total, string unit) => new(this, _time, what, total, unit);

    IProgressTask IProgressReporter.Start(string what, long total, string unit) => Start(what, total, unit);

    /// <summary>
    /// Says that something goes on which cannot be counted, once it takes longer than a person waits without wondering. Disposing of it
    /// ends that.
    /// </summary>
    /// <param name="what">What is being done, such as <c>reading the annotations</c>.</param>
    public IDisposable Wait(string what) => new ProgressWait(this, _time, what);

    /// <summary>Does something that cannot be counted, and says so once it takes long.</summary>
    /// <param name="what">What is being done.</param>
    /// <param name="work">Does it.</param>
    public T While<T>(string what, Func<T> work)
    {
        using IDisposable wait = Wait(what);
        return work();
    }

    /// <summary>Writes a line that stays, such as a measurement.</summary>
    /// <param name="line">The text.</param>
    public void Say(string line)
    {
        lock (_lock)
        {
            Put((_lineShown ? "\r\x1b[K" : "") + line + _output.NewLine);
            _lineShown = false;
        }
    }

    /// <summary>Draws a line of something that goes on, if it is time to, or <paramref name="atOnce"/>.</summary>
    internal void Draw(Func<string> describe, bool atOnce = false)
    {
        lock (_lock)
        {
            if (!atOnce && _time.GetElapsedTime(_lastDrawn) < (_width is null ? PlainInterval : LiveInterval))
            {
                return;
            }

            _lastDrawn = _time.GetTimestamp();
            string line = describe();
            if (_width is null)
            {
                Put(line + _output.NewLine);
            }
            else
            {
                int width = Math.Max(10, (_width() is > 0 and int known ? known : UnknownWidth) - 1);
                Put("\r" + (line.Length > width ? line[..width] : line) + "\x1b[K");
                _lineShown = true;
            }
        }
    }

    /// <summary>Takes a line back that is drawn anew on a terminal.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            if (_lineShown)
            {
                Put("\r\x1b[K");
                _lineShown = false;
            }
        }
    }

    // A terminal that was closed must not end the work that it showed.
    private void Put(string text)
    {
        if (_gone)
        {
            return;
        }

        try
        {
            _output.Write(text);
            _output.Flush();
        }
        catch (IOException)
        {
            _gone = true;
        }
    }
}

namespace Retort.Cli.Progress;

/// <summary>
/// Something that takes time and cannot be counted. Made by <see cref="ProgressReporter.Wait"/>; what is quick is not mentioned.
/// </summary>
internal sealed class ProgressWait : IDisposable
{
    /// <summary>So long a person waits without wondering.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ProgressReporter _reporter;
    private readonly TimeProvider _time;
    private readonly string _what;
    private readonly long _started;
    private readonly ITimer _timer;
    private bool _shown;

    public ProgressWait(ProgressReporter reporter, TimeProvider time, string what)
    {
        (_reporter, _time, _what) = (reporter, time, what);
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Show(), null, Patience, Interval);
    }

    private TimeSpan Taken => _time.GetElapsedTime(_started);

    public void Dispose()
    {
        _timer.Dispose();
        if (Taken >= Patience)
        {
            _reporter.Say($"{_what}: {ProgressTask.Duration(Taken)}");
        }
    }

    private void Show()
    {
        _reporter.Draw(Line, atOnce: !_shown);
        _shown = true;
    }

    private string Line() => $"{_what} ... {ProgressTask.Duration(Taken)}";
}

using System.Globalization;
using Retort.Core.Progress;
using Retort.Core.Text;

namespace Retort.Cli.Progress;

/// <summary>Something that takes time and can be counted. Made by <see cref="ProgressReporter.Start"/>.</summary>
internal sealed class ProgressTask : IProgressTask
{
    private const int BarWidth = 20;

    /// <summary>The rate is that of the last so many seconds: it forgets a slow start, and follows when the machine is shared.</summary>
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(30);

    /// <summary>After less the rate says nothing yet: what the first things took is most often not what the others take.</summary>
    private static readonly TimeSpan LeastForRate = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ProgressReporter _reporter;
    private readonly TimeProvider _time;
    private readonly string _what;
    private readonly string _unit;
    private readonly long _total;
    private readonly long _started;
    private readonly Queue<(TimeSpan At, long Done)> _recent = new([(TimeSpan.Zero, 0)]);
    private long _done;
    private string _note = "";

    internal ProgressTask(ProgressReporter reporter, TimeProvider time, string what, long total, string unit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        (_reporter, _time, _what, _total, _unit) = (reporter, time, what, total, unit);
        _started = time.GetTimestamp();
    }

    /// <summary>Says that more is done.</summary>
    /// <param name="amount">How much more.</param>
    /// <param name="note">Something to show beside it from now on, such as the loss.</param>
    public void Advance(long amount = 1, string? note = null)
    {
        lock (_lock)
        {
            _done += amount;
            _note = note ?? _note;
            TimeSpan now = _time.GetElapsedTime(_started);
            _recent.Enqueue((now, _done));
            while (_recent.Count > 2 && now - _recent.Peek().At > RateWindow)
            {
                _recent.Dequeue();
            }
        }

        _reporter.Draw(Line);
    }

    /// <summary>
    /// Writes a last line: how much was done in what time. Of a task in which nothing was done, as where the first thing failed, there is
    /// nothing to say.
    /// </summary>
    public void Dispose()
    {
        if (_done == 0)
        {
            _reporter.Clear();
            return;
        }

        TimeSpan taken = _time.GetElapsedTime(_started);
        string rate = taken >= LeastForRate ? $", {Rate(_done / taken.TotalSeconds)} {_unit}/s" : "";
        _reporter.Say($"{_what}: {Quantity.Of(_done, _unit)} in {Duration(taken)}{rate}{Note()}");
    }

    /// <summary>The line as it is now: bar, share, rate, remaining time.</summary>
    internal string Line()
    {
        lock (_lock)
        {
            double share = Math.Min(1, (double)_done / _total);
            int filled = (int)(share * BarWidth);
            string bar = new string('#', filled) + new string('.', BarWidth - filled);
            (TimeSpan at, long before) = _recent.Peek();
            TimeSpan passed = _time.GetElapsedTime(_started) - at;
            double rate = passed >= LeastForRate ? (_done - before) / passed.TotalSeconds : 0;
            string estimate = rate > 0
                ? $"  {Rate(rate)} {_unit}/s  about {Duration(TimeSpan.FromSeconds(Math.Max(0, _total - _done) / rate))} left"
                : "";
            return string.Create(CultureInfo.InvariantCulture, $"{_what} [{bar}] {_done}/{_total} {share * 100:0}%{estimate}{Note()}");
        }
    }

    /// <summary>A duration as a person says it: <c>42 s</c>, <c>3 min 05 s</c>, <c>2 h 10 min</c>.</summary>
    /// <param name="time">The duration, 0 or more.</param>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes:00} min",
    };

    private static string Rate(double rate) => rate.ToString(rate < 10 ? "0.00" : rate < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private string Note() => _note.Length > 0 ? "  " + _note : "";
}

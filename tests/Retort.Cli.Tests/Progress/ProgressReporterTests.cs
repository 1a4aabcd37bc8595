using Retort.Cli.Progress;
using Retort.Core.Text;

namespace Retort.Cli.Tests.Progress;

public class ProgressReporterTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly ManualClock _clock = new();

    [Fact]
    public void Outside_a_terminal_a_line_comes_every_few_seconds()
    {
        using (ProgressTask task = new ProgressReporter(_output, null, _clock).Start("epoch 1/2", 100, "images"))
        {
            for (int second = 0; second < 10; second++)
            {
                _clock.Pass(TimeSpan.FromSeconds(1));
                task.Advance(5, "loss 1.5");
            }
        }

        Assert.Equal(
            [
                "epoch 1/2 [#####...............] 25/100 25%  5.00 images/s  about 15 s left  loss 1.5",
                "epoch 1/2 [##########..........] 50/100 50%  5.00 images/s  about 10 s left  loss 1.5",
                "epoch 1/2: 50 images in 10 s, 5.00 images/s  loss 1.5",
            ],
            _output.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void On_a_terminal_one_line_is_drawn_anew_and_cut_to_the_width()
    {
        var reporter = new ProgressReporter(_output, () => 31, _clock);
        ProgressTask task = reporter.Start("reading", 4, "files");
        _clock.Pass(TimeSpan.FromSeconds(1));
        task.Advance();
        reporter.Say("half way");
        task.Dispose();
        Assert.Equal("\rreading [#####...............]\x1b[K\r\x1b[Khalf way\nreading: 1 file in 1.0 s, 1.00 files/s\n",
            _output.ToString());
    }

    [Fact]
    public void What_failed_at_once_leaves_no_line_and_a_rate_needs_a_second()
    {
        var reporter = new ProgressReporter(_output, () => 0, _clock);
        reporter.Start("drawing", 4, "images").Dispose();
        Assert.Equal("", _output.ToString());
        using (ProgressTask task = reporter.Start("drawing", 4, "images"))
        {
            _clock.Pass(TimeSpan.FromMilliseconds(200));
            task.Advance();
            _clock.Pass(TimeSpan.FromMilliseconds(200));
        }

        // A terminal that does not know its width has room all the same.
        Assert.Equal("\rdrawing [#####...............] 1/4 25%\x1b[K\r\x1b[Kdrawing: 1 image in 0.4 s\n", _output.ToString());
    }

    [Fact]
    public void The_rate_follows_the_last_half_minute()
    {
        ProgressTask task = new ProgressReporter(_output, null, _clock).Start("x", 1000, "steps");
        for (int second = 0; second < 100; second++)
        {
            _clock.Pass(TimeSpan.FromSeconds(1));
            task.Advance(second < 50 ? 1 : 4);
        }

        Assert.Equal("x [#####...............] 250/1000 25%  4.00 steps/s  about 3 min 07 s left", task.Line());
    }

    [Theory]
    [InlineData(1, "classes", "1 class")]
    [InlineData(1, "images", "1 image")]
    [InlineData(1, "boxes", "1 box")]
    [InlineData(0, "images", "0 images")]
    [InlineData(1000, "steps", "1000 steps")]
    public void One_thing_is_not_several(long count, string units, string expected) => Assert.Equal(expected, Quantity.Of(count, units));

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7800, "2 h 10 min")]
    [InlineData(180_000, "50 h 00 min")]
    public void A_duration_is_written_as_it_is_said(double seconds, string expected) =>
        Assert.Equal(expected, ProgressTask.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_cannot_be_counted_is_mentioned_once_it_takes_long()
    {
        var reporter = new ProgressReporter(_output, null, _clock);
        using (reporter.Wait("quick"))
        {
            _clock.Pass(TimeSpan.FromSeconds(1.9));
        }

        using (reporter.Wait("reading"))
        {
            _clock.Pass(TimeSpan.FromSeconds(8));
        }

        Assert.Equal("reading ... 2.0 s\nreading ... 7.0 s\nreading: 8.0 s\n", _output.ToString());
    }

    [Fact]
    public void A_terminal_that_is_gone_ends_nothing()
    {
        var reporter = new ProgressReporter(new ClosedWriter(), null, _clock);
        using ProgressTask task = reporter.Start("x", 2, "steps");
        _clock.Pass(TimeSpan.FromSeconds(10));
        task.Advance();
        reporter.Say("line");
    }

    private sealed class ClosedWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("Input/output error");
    }

    /// <summary>Time that passes in tenths of a second, so that timers come when they are due.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private const long Tenth = TimeSpan.TicksPerSecond / 10;
        private readonly List<ManualTimer> _timers = [];
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time)
        {
            for (long left = time.Ticks; left > 0; left -= Tenth)
            {
                _ticks += Math.Min(left, Tenth);
                foreach (ManualTimer timer in _timers.ToArray())
                {
                    timer.Call(_ticks);
                }
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(() => callback(state), _ticks + dueTime.Ticks, period.Ticks);
            _timers.Add(timer);
            return timer;
        }
    }

    private sealed class ManualTimer(Action call, long due, long period) : ITimer
    {
        private bool _disposed;

        public void Call(long now)
        {
            if (!_disposed && now >= due)
            {
                due += period;
                call();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

namespace Retort.Cli.Progress;

/// <summary>Shows what libraries report as a count of what is done, from any thread and in any order.</summary>
/// <param name="task">Where it is shown; it stays the caller's.</param>
internal sealed class CountedProgress(ProgressTask task) : IProgress<int>
{
    private readonly Lock _lock = new();
    private int _done;

    /// <inheritdoc/>
    public void Report(int value)
    {
        lock (_lock)
        {
            if (value > _done)
            {
                task.Advance(value - _done);
                _done = value;
            }
        }
    }
}

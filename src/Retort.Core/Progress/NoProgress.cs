namespace Retort.Core.Progress;

/// <summary>A reporter that shows nothing.</summary>
public sealed class NoProgress : IProgressReporter
{
    private NoProgress()
    {
    }

    /// <summary>The only one.</summary>
    public static IProgressReporter Instance { get; } = new NoProgress();

    /// <inheritdoc/>
    public IProgressTask Start(string what, long total, string unit) => new Task();

    private sealed class Task : IProgressTask
    {
        public void Advance(long amount = 1, string? note = null)
        {
        }

        public void Dispose()
        {
        }
    }
}

namespace Retort.Core.Progress;

/// <summary>Work that takes time and can be counted. Made by <see cref="IProgressReporter.Start"/>.</summary>
public interface IProgressTask : IDisposable
{
    /// <summary>Reports that more is done.</summary>
    /// <param name="amount">How much more.</param>
    /// <param name="note">Something to show beside it from now on, such as the loss; null leaves the last one.</param>
    void Advance(long amount = 1, string? note = null);
}

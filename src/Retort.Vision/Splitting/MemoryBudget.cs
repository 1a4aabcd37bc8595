namespace Retort.Vision.Splitting;

/// <summary>Lets workers take memory while there is some left; one alone gets whatever it asks for.</summary>
internal sealed class MemoryBudget(long limit)
{
    private readonly object _lock = new();
    private long _used;

    /// <summary>Waits until <paramref name="bytes"/> fit; they are given back when the result is disposed.</summary>
    public IDisposable Take(long bytes)
    {
        lock (_lock)
        {
            while (_used > 0 && _used + bytes > limit)
            {
                Monitor.Wait(_lock);
            }

            _used += bytes;
        }

        return new Share(this, bytes);
    }

    private sealed class Share(MemoryBudget budget, long bytes) : IDisposable
    {
        public void Dispose()
        {
            lock (budget._lock)
            {
                budget._used -= bytes;
                Monitor.PulseAll(budget._lock);
            }
        }
    }
}

using System.Runtime.ExceptionServices;
using Retort.Core;

namespace Retort.Vision.Loading;

/// <summary>
/// Threads that load the images of an epoch ahead of the reader: they take images one by one in the order of the epoch, so all of them
/// work on the next batch first. They wait when the given number of batches is ahead, and stop when the prefetcher is disposed.
/// </summary>
internal sealed class Prefetcher : IDisposable
{
    // Guards every field below and the counters of the pending batches; pulsed at each change.
    private readonly object _state = new();
    private readonly SampleLoader _loader;
    private readonly int[][] _batches;
    private readonly DataLoaderOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _onCancel;
    private readonly Thread[] _workers;
    private readonly Queue<PendingBatch> _ahead = new();
    private PendingBatch? _filling;
    private int _nextBatch;
    private int _nextSlot;
    private bool _stopped;
    private Exception? _planFailure;

    public Prefetcher(SampleLoader loader, int[][] batches, int startBatch, DataLoaderOptions options, CancellationToken cancellation)
    {
        (_loader, _batches, _nextBatch, _options, _cancellation) = (loader, batches, startBatch, options, cancellation);
        _workers = [.. Enumerable.Range(0, options.WorkerCount)
            .Select(i => new Thread(Work) { IsBackground = true, Name = $"image loader {i}" })];
        _onCancel = cancellation.Register(Stop);
        foreach (Thread worker in _workers)
        {
            worker.Start();
        }
    }

    /// <summary>Waits for the next batch; null after the last one.</summary>
    /// <param name="warning">Receives a line for each image that is left out.</param>
    /// <param name="issues">Receives what is remarkable about images that are used.</param>
    public ImageBatch? Next(Action<string>? warning, ImageIssueWarnings? issues)
    {
        while (Take() is { } done)
        {
            using (done)
            {
                Report(done, warning, issues);
                if (done.Finish() is { } batch)
                {
                    return batch;
                }
            }
        }

        return null;
    }

    public void Dispose()
    {
        _onCancel.Dispose();
        Stop();
        foreach (Thread worker in _workers)
        {
            worker.Join();
        }

        foreach (PendingBatch batch in _ahead)
        {
            batch.Dispose();
        }

        _ahead.Clear();
    }

    private PendingBatch? Take()
    {
        lock (_state)
        {
            while (true)
            {
                _cancellation.ThrowIfCancellationRequested();
                if (_ahead.TryPeek(out PendingBatch? first) && first.Remaining == 0)
                {
                    Monitor.PulseAll(_state);
                    return _ahead.Dequeue();
                }

                if (first is null && _planFailure is { } failure)
                {
                    ExceptionDispatchInfo.Throw(failure);
                }

                if (first is null && _nextBatch == _batches.Length)
                {
                    return null;
                }

                Monitor.Wait(_state);
            }
        }
    }

    private void Report(PendingBatch batch, Action<string>? warning, ImageIssueWarnings? issues)
    {
        for (int n = 0; n < batch.Failures.Length; n++)
        {
            switch (batch.Failures[n])
            {
                case null:
                    issues?.Add(batch.Items[n].Path, batch.Issues[n]);
                    break;
                case Exception problem when _options.Unreadable == UnreadableImage.Skip && IsAboutTheFile(problem):
                    warning?.Invoke(problem.Message);
                    break;
                case Exception problem when IsAboutTheFile(problem) || problem is OutOfMemoryException:
                    ExceptionDispatchInfo.Throw(problem);
                    break;
                case Exception problem:
                    throw new InvalidOperationException($"{batch.Items[n].Path}: loading the image failed: {problem.Message}", problem);
            }
        }
    }

    private static bool IsAboutTheFile(Exception problem) => problem is RetortException;

    private void Work()
    {
        while (TryTakeSlot(out PendingBatch? batch, out int slot))
        {
            Exception? failure = null;
            try
            {
                _loader.Load(batch!, slot);
            }
            catch (Exception e)
            {
                failure = e; // surfaces at the reader, when it comes to this batch
            }

            lock (_state)
            {
                batch!.Failures[slot] = failure;
                batch.Remaining--;
                Monitor.PulseAll(_state);
            }
        }
    }

    private bool TryTakeSlot(out PendingBatch? batch, out int slot)
    {
        lock (_state)
        {
            while (!_stopped && _filling is null && _nextBatch < _batches.Length && _ahead.Count > _options.Prefetch)
            {
                Monitor.Wait(_state);
            }

            (batch, slot) = (_filling, _nextSlot);
            if (_stopped || (batch is null && !TryStartBatch(out batch)))
            {
                return false;
            }

            _nextSlot = slot + 1 < batch!.Items.Length ? slot + 1 : 0;
            _filling = _nextSlot == 0 ? null : batch;
            return true;
        }
    }

    private bool TryStartBatch(out PendingBatch? batch)
    {
        batch = null;
        if (_nextBatch == _batches.Length || _planFailure is not null)
        {
            return false;
        }

        try
        {
            batch = _loader.Plan(_nextBatch, _batches[_nextBatch]);
            _ahead.Enqueue(batch);
            _nextBatch++;
            return true;
        }
        catch (Exception e)
        {
            _planFailure = e; // a data set that cannot give a record any more
            Monitor.PulseAll(_state);
            return false;
        }
    }

    private void Stop()
    {
        lock (_state)
        {
            _stopped = true;
            Monitor.PulseAll(_state);
        }
    }
}

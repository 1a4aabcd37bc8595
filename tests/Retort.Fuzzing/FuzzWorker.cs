using System.Diagnostics;
using Retort.Core;
using Retort.Fuzzing.Targets;

namespace Retort.Fuzzing;

/// <summary>Gives one target its inputs on a thread of its own, so that one that hangs can be left behind.</summary>
internal sealed class FuzzWorker
{
    private const long MostBytes = 512L << 20;
    private readonly FuzzTarget _target;
    private readonly string _folder;
    private readonly ulong _seed;
    private readonly long _end;
    private readonly Thread _thread;
    private volatile bool _stop;
    private long _index;

    /// <param name="target">The reader.</param>
    /// <param name="folder">A folder that the worker may fill, on a file system in memory if there is one.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="start">The first input's index.</param>
    /// <param name="end">The index after the last.</param>
    public FuzzWorker(FuzzTarget target, string folder, ulong seed, long start, long end)
    {
        (_target, _folder, _seed, _index, _end) = (target, folder, seed, start, end);
        Prepare();

        // The stack of a thread that a server or the command line would have.
        _thread = new Thread(Run, 1 << 20) { IsBackground = true };
    }

    /// <summary>The input that is being read.</summary>
    public long Index => Volatile.Read(ref _index);

    /// <summary>Inputs that the reader took.</summary>
    public long Accepted { get; private set; }

    /// <summary>What went wrong, and the inputs that did; written by the worker alone.</summary>
    public List<(FuzzFailure Failure, byte[] Input)> Failures { get; } = [];

    /// <summary>Why the reader refused the last input; null where it took it.</summary>
    public string? Rejection { get; private set; }

    public void Start() => _thread.Start();

    public bool Join(TimeSpan wait) => _thread.Join(wait);

    public void Stop() => _stop = true;

    /// <summary>Reads one input; null where it was taken, or refused as documented.</summary>
    public FuzzFailure? Read(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, _target.File), input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Rejection = null;
        try
        {
            _target.Read(_folder);
            Accepted++;
        }
        catch (Exception e) when (IsDocumented(e))
        {
            // The user's file is wrong, which is what most mutated inputs are.
            Rejection = e.Message;
        }
        catch (Exception e)
        {
            return new FuzzFailure(_target.Name, _seed, Index, KindOf(e), e.ToString());
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= MostBytes ? null : new FuzzFailure(_target.Name, _seed, Index, "more than 512 MiB",
            $"{allocated >> 20} MiB were allocated");
    }

    private static bool IsDocumented(Exception e) =>
        e is AggregateException many ? many.Flatten().InnerExceptions.All(IsDocumented) : e is RetortException;

    // Failures with the same exception out of the same two methods of Retort are one.
    private static string KindOf(Exception e) => string.Join(
        " < ",
        new StackTrace(e).GetFrames()
            .Select(f => f.GetMethod()?.DeclaringType is { } type && type.Assembly != typeof(FuzzWorker).Assembly
                && type.Assembly.GetName().Name is { } name && name.StartsWith("Retort.", StringComparison.Ordinal)
                ? $"{type.Name}.{f.GetMethod()!.Name}" : "")
            .Where(place => place.Length > 0)
            .Take(2)
            .Prepend(e.GetType().Name));

    private void Prepare()
    {
        foreach ((string file, byte[] content) in _target.Others.Append((_target.File, [])))
        {
            string path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    private void Run()
    {
        var known = new HashSet<string>();
        for (; !_stop && Index < _end; Volatile.Write(ref _index, Index + 1))
        {
            byte[] input = _target.Input(_seed, Index);
            if (Read(input) is { } failure && known.Add(failure.Kind))
            {
                Failures.Add((failure, input));
            }
        }
    }
}

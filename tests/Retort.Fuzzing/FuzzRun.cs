using System.Diagnostics;
using Retort.Fuzzing.Targets;

namespace Retort.Fuzzing;

/// <summary>What a target's share of a run came to.</summary>
/// <param name="Target">The reader.</param>
/// <param name="Inputs">Inputs that it was given.</param>
/// <param name="Accepted">Those that it took; it refused the others.</param>
/// <param name="Seconds">The time, mutation included.</param>
/// <param name="Failures">One for each kind of failure.</param>
public sealed record FuzzResult(string Target, long Inputs, long Accepted, double Seconds, IReadOnlyList<FuzzFailure> Failures);

/// <summary>Gives targets mutated inputs for a time, one target after the other, and looks for those that hang.</summary>
/// <param name="seed">Equal seeds give equal inputs, in the same order.</param>
/// <param name="failures">Where the inputs that fail are written.</param>
public sealed class FuzzRun(ulong seed, string failures)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    // Seconds of the processor, because the machine may be busy with other work; one that waits for ever uses none.
    private static readonly TimeSpan s_mostWork = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(5);
    private const long MostMemory = 1L << 30;
    private const int MostHanging = 3;

    /// <summary>Runs one target.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="duration">How long.</param>
    /// <param name="start">The index of the first input.</param>
    /// <param name="inputs">The most inputs.</param>
    public FuzzResult Run(FuzzTarget target, TimeSpan duration, long start = 0, long inputs = long.MaxValue)
    {
        string memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        string folder = Path.Combine(memory, $"retort-fuzz-{Environment.ProcessId}-{target.Name}");
        var clock = Stopwatch.StartNew();
        List<FuzzFailure> found = [];
        (long at, long accepted, int hanging) = (start, 0, 0);
        long end = inputs < long.MaxValue - start ? start + inputs : long.MaxValue;
        do
        {
            Directory.CreateDirectory(folder);
            var worker = new FuzzWorker(target, folder, seed, at, end);
            FuzzFailure? hang = Watch(worker, target.Name, duration - clock.Elapsed);
            foreach ((FuzzFailure failure, byte[] input) in worker.Failures.ToArray())
            {
                failure.Write(failures, input);
                found.Add(failure);
            }

            (at, accepted) = (worker.Index, accepted + worker.Accepted);
            if (hang is not null)
            {
                hang.Write(failures, target.Input(seed, hang.Index));
                found.Add(hang);
                (at, hanging, folder) = (at + 1, hanging + 1, $"{folder}-{hanging}");
            }
            else
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        while (at < end && hanging < MostHanging && clock.Elapsed < duration);

        return new FuzzResult(target.Name, at - start, accepted, clock.Elapsed.TotalSeconds, [.. found.DistinctBy(f => f.Kind)]);
    }

    /// <summary>Reads one input: the failure, or the message of the documented exception, or neither where it is accepted.</summary>
    public (FuzzFailure? Failure, string? Rejection) Replay(FuzzTarget target, byte[] input)
    {
        string folder = Directory.CreateTempSubdirectory("retort-fuzz-").FullName;
        try
        {
            var worker = new FuzzWorker(target, folder, seed, 0, 0);
            return (worker.Read(input), worker.Rejection);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Starts a worker and waits for its end, or for an input that takes too much.
    private FuzzFailure? Watch(FuzzWorker worker, string target, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        (long index, TimeSpan work, TimeSpan since) = (-1, default, default);
        worker.Start();
        while (!worker.Join(s_poll))
        {
            if (worker.Index != index)
            {
                (index, work, since) = (worker.Index, Environment.CpuUsage.TotalTime, clock.Elapsed);
            }
            else if (Environment.CpuUsage.TotalTime - work > s_mostWork || clock.Elapsed - since > s_longestWait)
            {
                worker.Stop();
                double busy = (Environment.CpuUsage.TotalTime - work).TotalSeconds, passed = (clock.Elapsed - since).TotalSeconds;
                return new FuzzFailure(target, seed, index, "more than 2 seconds", $"stopped after {busy:0.0} s of work in {passed:0.0} s");
            }

            if (Environment.WorkingSet > MostMemory)
            {
                worker.Stop();
                return new FuzzFailure(target, seed, index, "too much memory", $"the process has {Environment.WorkingSet >> 20} MiB");
            }

            if (clock.Elapsed > duration)
            {
                worker.Stop();
            }
        }

        return null;
    }
}

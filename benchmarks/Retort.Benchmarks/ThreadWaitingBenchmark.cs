using System.Diagnostics;
using System.Globalization;

namespace Retort.Benchmarks;

/// <summary>
/// How idle threads wait: the library's own setting against those that programs had before, on a quiet machine and beside a busy thread a
/// core. OpenMP reads its settings once, so each is measured in processes of its own (<see cref="ThreadWaitingWorkload"/>), which take
/// turns.
/// </summary>
internal static class ThreadWaitingBenchmark
{
    public const string Name = "thread-waiting";

    private const int Rounds = 3;
    private const double SecondsOfInference = 2.5;
    private const double SecondsOfTraining = 3.5;

    private static readonly int[] s_counts = [100, 300, 3000, 10_000];

    private static readonly Setting s_own = new("the library's", null);

    private static readonly Setting[] s_others =
    [
        new("passive, as the script had it", ("OMP_WAIT_POLICY", "passive")),
        new("OpenMP's default", ("GOMP_SPINCOUNT", "300000")),
        new("active", ("OMP_WAIT_POLICY", "active")),
    ];

    /// <summary>The name of the rows with other spin counts, from which the library's was chosen.</summary>
    public const string CountsName = "thread-waiting-counts";

    public static IEnumerable<BenchmarkRow> Run() => Compare(Name, s_others);

    public static IEnumerable<BenchmarkRow> RunCounts() =>
        Compare(CountsName, [.. s_counts.Select(count => new Setting(
            $"spin count {count}", ("GOMP_SPINCOUNT", count.ToString(CultureInfo.InvariantCulture))))]);

    private static IEnumerable<BenchmarkRow> Compare(string name, Setting[] others) =>
        [.. Compare($"{name}: quiet machine", others, 0), .. Compare($"{name}: busy machine", others, Environment.ProcessorCount)];

    private static IEnumerable<BenchmarkRow> Compare(string name, Setting[] others, int busyThreads)
    {
        Setting[] settings = [s_own, .. others];
        Dictionary<Setting, ThreadWaitingSamples> samples = settings.ToDictionary(s => s, _ => new ThreadWaitingSamples([], []));
        using (new BusyThreads(busyThreads))
        {
            for (int round = 0; round < Rounds; round++)
            {
                foreach (Setting setting in settings)
                {
                    ThreadWaitingSamples measured = setting.Measure();
                    samples[setting].Inference.AddRange(measured.Inference);
                    samples[setting].Training.AddRange(measured.Training);
                }
            }
        }

        return
        [
            .. others.Select(other => Row($"{name}, inference, {other.Name}", samples[s_own].Inference, samples[other].Inference)),
            .. others.Select(other => Row($"{name}, training step, {other.Name}", samples[s_own].Training, samples[other].Training)),
        ];
    }

    private static BenchmarkRow Row(string name, List<double> ours, List<double> theirs) => new(
        name, Times(ours), Times(theirs), (Timing.Median(ours) / Timing.Median(theirs)).ToString("0.00", CultureInfo.InvariantCulture),
            "1");

    private static string Times(List<double> seconds) =>
        $"{Timing.Milliseconds(Timing.Median(seconds))}, 99 % {Timing.Milliseconds(Timing.Quantile(seconds, 0.99))}";

    /// <summary>A setting of OpenMP's environment; without a variable the library decides.</summary>
    private sealed record Setting(string Name, (string Name, string Value)? Variable)
    {
        public ThreadWaitingSamples Measure()
        {
            string inference = SecondsOfInference.ToString(CultureInfo.InvariantCulture), training =
                SecondsOfTraining.ToString(CultureInfo.InvariantCulture);
            var start = new ProcessStartInfo(
                Environment.ProcessPath!, [.. Program(), ThreadWaitingWorkload.Argument, inference, training])
            {
                RedirectStandardOutput =
                true
            };
            start.Environment.Remove("OMP_WAIT_POLICY");
            start.Environment.Remove("GOMP_SPINCOUNT");
            if (Variable is { } variable)
            {
                start.Environment[variable.Name] = variable.Value;
            }

            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? ThreadWaitingSamples.Parse(output)
                : throw new InvalidOperationException($"the workload of {Name} failed");
        }

        // Run as a program of its own, or by 'dotnet'.
        private static string[] Program() =>
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ThreadWaitingBenchmark).Assembly.Location] : [];
    }

    /// <summary>Threads that compute without end, as another program on the machine does.</summary>
    private sealed class BusyThreads : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _stop;

        public BusyThreads(int count)
        {
            _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Spin))];
            Array.ForEach(_threads, t => t.Start());
        }

        public void Dispose()
        {
            _stop = true;
            Array.ForEach(_threads, t => t.Join());
        }

        private void Spin()
        {
            while (!_stop)
            {
            }
        }
    }
}

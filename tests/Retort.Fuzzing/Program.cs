using System.Globalization;
using Retort.Fuzzing;
using Retort.Fuzzing.Targets;

// make fuzz SECONDS=n [TARGET=name] [SEED=n] [REPLAY=file]: mutated inputs for every reader. Exit code 1 where one fails.
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length && args[at + 1].Length > 0
    ? args[at + 1] : null;

string output = Option("--output") ?? "artifacts/fuzz";
ulong seed = ulong.Parse(Option("--seed") ?? "1", CultureInfo.InvariantCulture);
var run = new FuzzRun(seed, output);
string? replay = Option("--replay");
IReadOnlyList<FuzzTarget> targets = FuzzTargets.Named(Option("--target") ?? (replay is null ? null : FuzzFailure.TargetOf(replay)));
if (targets.Count == 0)
{
    Console.Error.WriteLine($"there is no such target; there are: {string.Join(' ', FuzzTargets.All.Select(t => t.Name))}");
    return 2;
}

if (replay is not null)
{
    (FuzzFailure? again, string? rejection) = run.Replay(targets[0], File.ReadAllBytes(replay));
    string outcome = again is not null ? $"{again.Kind}\n{again.Detail}"
        : rejection is not null ? $"rejected as documented: {rejection}"
        : "accepted";
    Console.WriteLine($"{targets[0].Name}: {outcome}");
    return again is null ? 0 : 1;
}

TimeSpan each = TimeSpan.FromSeconds(double.Parse(Option("--seconds") ?? "60", CultureInfo.InvariantCulture) / targets.Count);
Console.WriteLine($"| target, seed {seed} | inputs | accepted | seconds | inputs/s | kinds of failure |\n|---|---|---|---|---|---|");
(long inputs, int failed) = (0, 0);
foreach (FuzzTarget target in targets)
{
    FuzzResult result = run.Run(target, each);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {result.Target} | {result.Inputs:N0} | {100.0 * result.Accepted / Math.Max(1, result.Inputs):0.0} % | {result.Seconds:0.0} "
        + $"| {result.Inputs / result.Seconds:N0} | {result.Failures.Count} |"));
    foreach (FuzzFailure failure in result.Failures)
    {
        Console.WriteLine($"    {output}/{failure.FileName}: {failure.Kind}");
    }

    (inputs, failed) = (inputs + result.Inputs, failed + result.Failures.Count);
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inputs:N0} inputs, {failed} kinds of failure"));
return failed == 0 ? 0 : 1;

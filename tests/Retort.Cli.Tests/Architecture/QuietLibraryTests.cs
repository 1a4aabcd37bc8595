using System.Reflection;
using System.Runtime.InteropServices;
using Retort.Torch;

namespace Retort.Cli.Tests.Architecture;

/// <summary>
/// Libraries leave to programs what belongs to the process: the console, environment variables, signals and events, its end, and how many
/// threads compute.
/// </summary>
public class QuietLibraryTests
{
    /// <summary>The uses that exist still, as type and member.</summary>
    private static readonly string[] s_known =
    [
        "NativeLibraryLoader: Environment.GetEnvironmentVariable", // before the first call into the bridge, when no program has run yet
        "RecipePlaces: Environment.GetEnvironmentVariable",
        "EnvironmentReferences: Environment.GetEnvironmentVariable",
    ];

    public static TheoryData<string> Libraries => [.. ProjectFiles.Libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_leaves_the_process_to_the_program(string project) =>
        Assert.Empty(ProjectFiles.Load(project).GetTypes().SelectMany(Loud).Distinct().Except(s_known));

    [Fact]
    public void Every_exception_is_needed() =>
        Assert.Empty(s_known.Except(ProjectFiles.Libraries.SelectMany(project => ProjectFiles.Load(project).GetTypes().SelectMany(Loud))));

    [Fact]
    public void The_command_line_does_what_libraries_must_not()
    {
        string[] loud = [.. ProjectFiles.Load("Retort.Cli").GetTypes().SelectMany(Loud)];
        Assert.Contains("ProgressReporter: Console.get_Error", loud);
        Assert.Contains("ProcessSettings: Environment.GetEnvironmentVariable", loud);
        Assert.Contains("ProcessSettings: Runtime.set_Threads", loud);
        Assert.Contains(loud, use => use.StartsWith("StopSignals: PosixSignalRegistration.", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Loud(Type type) =>
        TypeReferences.Members(type).Where(IsOfProcess).Select(member => $"{Outermost(type).Name}: "
            + $"{member.DeclaringType!.Name}.{member.Name}");

    private static bool IsOfProcess(MemberInfo member) =>
        member.DeclaringType == typeof(Console)
        || member.DeclaringType == typeof(PosixSignalRegistration)
        || (member.DeclaringType == typeof(Environment)
            && member.Name is "GetEnvironmentVariable" or "GetEnvironmentVariables" or "SetEnvironmentVariable"
            or "ExpandEnvironmentVariables" or "Exit")
        || ((member.DeclaringType == typeof(AppDomain) || member.DeclaringType == typeof(TaskScheduler))
            && member.Name.StartsWith("add_", StringComparison.Ordinal))
        || (member.DeclaringType == typeof(ThreadPool) && member.Name.StartsWith("Set", StringComparison.Ordinal))
        || (member.DeclaringType == typeof(Runtime) && member.Name == "set_Threads");

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}

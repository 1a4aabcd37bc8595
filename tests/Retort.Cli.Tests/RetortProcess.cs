using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Retort.Cli.Tests;

/// <summary>The real program as a process of its own.</summary>
internal static class RetortProcess
{
    /// <summary>Starts <c>retort</c>.</summary>
    /// <param name="arguments">What follows the name.</param>
    /// <param name="shell">Commands of bash to run before it in the same process, such as a limit.</param>
    public static Process Start(IEnumerable<string> arguments, string? shell = null)
    {
        string[] program = [Dotnet(), Path.Combine(AppContext.BaseDirectory, "retort.dll"), .. arguments];

        // A background job has SIGINT ignored, and so have its children, whatever they do about it.
        string[] listening = ["env", "--default-signal=INT,TERM,HUP", .. program];
        string[] line = shell is null ? listening : ["bash", "-c", $"{shell}; exec \"$@\"", "bash", .. listening];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };

        // Otherwise the runtime maps its own code through a file larger than a limit on files allows.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end of a process: its exit code and what it wrote to standard error.</summary>
    public static (int Code, string Error) Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        output.Wait();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    /// <summary>The host that runs these tests.</summary>
    public static string Dotnet() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host
        ? host
        : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}

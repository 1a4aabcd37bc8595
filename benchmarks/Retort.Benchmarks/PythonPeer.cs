using System.Diagnostics;
using System.Text.Json;

namespace Retort.Benchmarks;

/// <summary>Runs a script of benchmarks/peer, which prints one line of JSON.</summary>
internal static class PythonPeer
{
    /// <summary>The script's output, or null where python3 or a package that the script imports is missing.</summary>
    /// <param name="script">File name in benchmarks/peer.</param>
    /// <param name="module">A package that the script imports.</param>
    /// <param name="arguments">Arguments of the script.</param>
    public static JsonElement? Run(string script, string module, params string[] arguments)
    {
        // The interpreter can be named, for a virtual environment.
        string python = Environment.GetEnvironmentVariable("RETORT_PYTHON") ?? "python3";
        if (Start(python, "-c", $"import {module}") is not { ExitCode: 0 })
        {
            return null;
        }

        (int code, string output, string errors) = Start(python, [Path.Combine(Checkout.Folder, "benchmarks", "peer", script), .. arguments])!.Value;
        return code == 0 ? JsonElement.Parse(output) : throw new InvalidOperationException($"{script} failed: {errors}");
    }

    private static (int ExitCode, string Output, string Errors)? Start(string python, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

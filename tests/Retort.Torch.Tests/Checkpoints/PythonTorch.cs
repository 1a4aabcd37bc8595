using System.Diagnostics;

namespace Retort.Torch.Tests.Checkpoints;

/// <summary>A Python with PyTorch, the reference for the file formats, where the machine has one.</summary>
internal static class PythonTorch
{
    private static readonly Lazy<string?> s_interpreter = new(() =>
        Candidates().FirstOrDefault(python => TryRun(python, "import torch, numpy", [], out _)));

    /// <summary>
    /// Runs a program with arguments (<c>sys.argv[1:]</c>) and gives its output; skips the test where there is no PyTorch.
    /// </summary>
    public static string RunOrSkip(string program, params string[] arguments)
    {
        if (s_interpreter.Value is not { } python)
        {
            Assert.Skip("needs a Python that imports torch and numpy (RETORT_PYTHON names one; else python3 and /usr/bin/python3 are tried)");
            return "";
        }

        Assert.True(TryRun(python, program, arguments, out string output), output);
        return output;
    }

    private static IEnumerable<string> Candidates() =>
        Environment.GetEnvironmentVariable("RETORT_PYTHON") is { Length: > 0 } named ? [named] : ["python3", "/usr/bin/python3"];

    private static bool TryRun(string python, string program, string[] arguments, out string output)
    {
        var start = new ProcessStartInfo(
            python, ["-c", program, .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            output += process.ExitCode == 0 ? "" : errors.Result;
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            output = e.Message;
            return false;
        }
    }
}

using System.Diagnostics;
using Retort.Torch;
using Retort.Torch.Native;

namespace Retort.Cli.Tests;

/// <summary>
/// The check for machines with a GPU (docs/gpu.md) in its short form, on the CPU, from an unpacked bundle and without the .NET of this
/// machine.
/// </summary>
public sealed class GpuCheckTests : IDisposable
{
    private static readonly string[] s_programs =
        ["Retort.Cli", "Retort.Benchmarks", "Retort.Torch.Tests", "Retort.Detection.Tests", "Retort.Distillation.Tests",
            "Retort.Training.Tests"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_check_runs_from_its_bundle_and_every_part_of_it_passes()
    {
        foreach (string program in s_programs.Where(p => !Directory.Exists(
            Path.Combine(Repository.Root, "artifacts", "bin", p, "release"))))
        {
            Assert.Skip($"needs {program} built in the configuration Release: make build");
        }

        // The bridge that the tests themselves use: building one takes minutes.
        Assert.NotEmpty(Runtime.TorchVersion);
        string bundle = Path.Combine(_folder.Path, "bundle");
        (int code, string output) = Run([Path.Combine(Repository.Root, "scripts", "gpu-bundle.sh"), "--folder", bundle], []);
        Assert.True(code == 0, output);
        string used = Path.Combine(_folder.Path, "used");
        (code, output) = Run([Path.Combine(bundle, "scripts", "gpu-check.sh")], new()
        {
            ["DEVICE"] = "cpu",
            ["SHORT"] = "1",
            ["BRIDGE"] = NativeLibraryLoader.LoadedFrom,
            ["PATH"] = $"{FolderWithFalseDotnet(used)}:{Environment.GetEnvironmentVariable("PATH")}",
            ["PYTHON"] = Environment.GetEnvironmentVariable("RETORT_PYTHON"),
            ["DOTNET_ROOT"] = null,
            ["RETORT_HOME"] = null,
            ["RETORT_GOLDEN"] = null,
        });
        Assert.True(code == 0, output);
        Assert.False(File.Exists(used), "the .NET of this machine was called");
        string[] rows = File.ReadAllLines(Path.Combine(bundle, "gpu-check", "table.md"));
        string[] parts = ["tests Retort.Torch.Tests on cpu", "tests Retort.Detection.Tests on cpu",
            "tests Retort.Distillation.Tests on cpu",
            "training plain", "training distilled", "inference gfl", "step gfl", "phase backward", "prediction gfl"];
        Assert.All(parts, part => Assert.Contains(rows, row => row.StartsWith($"| {part}", StringComparison.Ordinal)));
        Assert.DoesNotContain(rows, row => row.Contains("FAILED", StringComparison.Ordinal)
            || row.Contains("DIFFERS", StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_that_is_not_there_fails_every_part_and_does_not_fall_back_to_the_cpu()
    {
        string benchmarks = Path.Combine(Repository.Root, "artifacts", "bin", "Retort.Benchmarks", "release", "Retort.Benchmarks.dll");
        if (!File.Exists(benchmarks) || Runtime.HasCuda)
        {
            Assert.Skip("needs the benchmarks built in the configuration Release, and a machine without a GPU");
        }

        (int code, string output) = Run([RetortProcess.Dotnet(), benchmarks, "device", "training", "cuda", "tiny"], []);
        Assert.NotEqual(0, code);
        Assert.Contains("sees no GPU", output);
    }

    // In front of the PATH: a machine without .NET has no such program, and this one tells when it is called.
    private string FolderWithFalseDotnet(string used)
    {
        string program = _folder.Write("bin/dotnet", $"#!/bin/sh\ntouch '{used}'\nexit 1\n");
        Assert.Equal(0, Run(["chmod", "+x", program], []).Code);
        return Path.GetDirectoryName(program)!;
    }

    private static (int Code, string Output) Run(string[] line, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}

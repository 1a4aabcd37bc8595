using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Core.Files;
using Retort.Torch;
using Retort.Torch.Native;
using Retort.Vision.Imaging;
using Spectre.Console;

namespace Retort.Cli;

/// <summary><c>retort doctor</c>: what Retort found on this machine, and what to do about what it did not.</summary>
internal static class DoctorCommand
{
    private const string Good = "ok";

    public static Command Create(Terminal terminal)
    {
        var command = new DocumentedCommand(
            "doctor", "Show what was found on this machine (libtorch, BLAS, threads, GPU, image libraries) and what to do about what was "
                + "not.", "retort doctor");
        command.SetAction(_ => Print(terminal, [Platform(), .. Bridge(), ImageLibrary()]));
        return command;
    }

    private static int Print(Terminal terminal, IReadOnlyList<Finding> findings)
    {
        Table table = Terminal.NewTable("what", "found", "what to do");
        foreach (Finding finding in findings)
        {
            table.AddRow(Markup.Escape(finding.What), Markup.Escape(finding.Found), Markup.Escape(finding.Remedy));
        }

        terminal.Write(table);
        return findings.Any(f => f.Missing) ? ExitCode.InputError : ExitCode.Success;
    }

    private static Finding Platform() => new("program", $"Retort {typeof(DoctorCommand).Assembly.GetName().Version!.ToString(3)}, .NET "
        + $"{Environment.Version}, {Environment.ProcessorCount} cores", Good);

    private static IEnumerable<Finding> Bridge()
    {
        string? failure = null;
        try
        {
            _ = Runtime.TorchVersion;
        }
        catch (DllNotFoundException e)
        {
            failure = e.Message;
        }

        if (failure is not null)
        {
            return [new Finding(
                "bridge to libtorch", "not found", $"{failure} On Debian 'make native' installs libtorch-dev and builds it.",
                Missing: true)];
        }

        return [new Finding("bridge to libtorch", NativeLibraryLoader.LoadedFrom ?? "", Good), Torch(), Blas(), Convolutions(), Threads(),
            ThreadWaiting(), Gpu()];
    }

    private static Finding Torch() => new("libtorch", $"{Runtime.TorchVersion}, {Runtime.TorchPath}", Good);

    private static Finding Blas()
    {
        string? openBlas = LoadedLibrary("openblas");
        string? other = openBlas ?? LoadedLibrary("mkl") ?? LoadedLibrary("libblas");
        return openBlas is null && LoadedLibrary("mkl") is null
            ? new Finding("BLAS", other ?? "none seen",
                "matrix products are some thirty times faster with OpenBLAS: apt-get install libopenblas0-pthread")
            : new Finding("BLAS", other!, Good);
    }

    private static Finding Convolutions() => LoadedLibrary("dnnl") is { } path
        ? new Finding("oneDNN", path, Good)
        : new Finding("oneDNN", Runtime.BuildConfiguration.Contains("USE_MKLDNN=ON", StringComparison.Ordinal) ? "inside libtorch"
            : "none", Good);

    private static Finding Threads() => new(
        "threads", $"{Runtime.Threads} at start; commands use {Environment.ProcessorCount}", "another number with --set threads=N");

    private static Finding ThreadWaiting()
    {
        const string what = "waiting threads";
        ThreadWaitStatus status = Runtime.ThreadWaitStatus;
        string library = Path.GetFileName(status.Libraries.FirstOrDefault()) ?? "no OpenMP library seen";
        string own = $"GOMP_SPINCOUNT={new ThreadWaitOptions().SpinCount}";
        return status.Source switch
        {
            ThreadWaitSource.Retort => new Finding(what, $"{status.Setting}, set by Retort ({library})", Good),
            ThreadWaitSource.Environment =>
                new Finding(what, $"{status.Setting}, set in the environment", $"unset it for Retort's own {own}"),
            ThreadWaitSource.OpenMp => new Finding(what, $"OpenMP's default ({library})", Good),
            ThreadWaitSource.LoadedEarlier =>
                new Finding(what, $"OpenMP's default ({library} was loaded before Retort)", $"set {own} before the program starts"),
            ThreadWaitSource.OtherLibrary =>
                new Finding(what, $"OpenMP's default ({library})", "KMP_BLOCKTIME=1 shortens spinning (Intel's and LLVM's OpenMP)"),
            _ => throw new InvalidOperationException($"unknown source {status.Source}"),
        };
    }

    private static Finding Gpu() => Runtime.HasCuda
        ? new Finding("GPU", "CUDA device found", "used by default; --set device=cpu does not")
        : new Finding("GPU", "none", "not needed; with one, build the bridge against a CUDA libtorch: make native TORCH_DIR=...");

    private static Finding ImageLibrary() => ImageDecoder.IsJpegAvailable
        ? new Finding("libjpeg-turbo", "found", Good)
        : new Finding("libjpeg-turbo", "not found", "JPEG images cannot be read: apt-get install libturbojpeg0", Missing: true);

    private static string? LoadedLibrary(string part)
    {
        const string maps = "/proc/self/maps";
        return File.Exists(maps)
            ? UserFiles.ReadLines(maps).Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .FirstOrDefault(path => Path.GetFileName(path).Contains(part, StringComparison.Ordinal))
            : null;
    }

    private sealed record Finding(string What, string Found, string Remedy, bool Missing = false);
}

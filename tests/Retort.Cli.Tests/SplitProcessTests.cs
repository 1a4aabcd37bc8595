using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

/// <summary>Splitting in a process of its own, which is killed or whose memory is measured.</summary>
public sealed class SplitProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string At(string name) => Path.Combine(_folder.Path, name);

    private string[] Command(string output, params string[] more) =>
        ["dataset", "split", At("images"), "--labels", At("labelTxt"), "--output", At(output), .. more];

    private Dictionary<string, byte[]> Files(string output) =>
        Directory.EnumerateFiles(At(output), "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(At(output), f), File.ReadAllBytes);

    [Fact]
    public void A_killed_split_goes_on()
    {
        Directory.CreateDirectory(At("images"));
        for (int i = 0; i < 6; i++)
        {
            using var image = new Image(330 + i, 300);
            image.Pixels.Fill((byte)(40 * i));
            ImageEncoder.Write(At($"images/{i}.png"), image);
            _folder.Write($"labelTxt/{i}.txt", "10 10 40 10 40 30 10 30 ship 0\n");
        }

        string[] small = ["--size", "64", "--gap", "32", "--threads", "1"];
        using (Process process = RetortProcess.Start(Command("killed", small)))
        {
            while (!process.HasExited && (!Directory.Exists(At("killed/images"))
                || Directory.EnumerateFiles(At("killed/images"), "*.png").Count() < 20))
            {
                Thread.Sleep(1);
            }

            process.Kill();
            RetortProcess.Finish(process);
        }

        int before = Directory.EnumerateFiles(At("killed/images"), "*.png").Count();
        Assert.Equal(0, CapturedCommand.Run(Command("killed", small)).Code);
        Assert.Equal(0, CapturedCommand.Run(Command("whole", small)).Code);
        Assert.True(before < Directory.EnumerateFiles(At("whole/images")).Count(), "the split was done before it was killed");
        Assert.Equal(Files("whole"), Files("killed"));
    }

    [Fact]
    public void A_large_picture_is_never_in_memory_as_a_whole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads the peak of the resident size from /proc");
        const int Side = 14_000; // 588 MB of pixels
        const long LimitKilobytes = 350_000;
        Directory.CreateDirectory(At("images"));
        LargePng.Write(At("images/large.png"), Side, CompressionLevel.Fastest);
        _folder.Write("labelTxt/large.txt",
            $"{Side - 50} {Side - 50} {Side - 10} {Side - 50} {Side - 10} {Side - 20} {Side - 50} {Side - 20} ship 0\n");
        using Process process = RetortProcess.Start(Command("out", "--skip-empty"));
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            peak = Math.Max(peak, PeakKilobytes(process));
        }

        Assert.Equal(0, RetortProcess.Finish(process).Code);
        Assert.True(File.Exists(At($"out/labelTxt/large__1024__{Side - 1024}___{Side - 1024}.txt")));
        Assert.InRange(peak, 1, LimitKilobytes);
    }

    private static long PeakKilobytes(Process process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(
                l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }
}

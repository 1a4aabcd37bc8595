using System.Diagnostics;
using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

public sealed class DemoCommandTests : IDisposable
{
    // Everything that the demonstration does, on few and small images and one epoch each.
    private static readonly string[] s_small =
        ["--set", "schedule={epochs: 1, steps: []}", "--set", "input.scales=[[64, 64]]", "--set", "device=cpu", "--set", "threads=1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_trains_both_students_compares_them_and_does_nothing_twice()
    {
        (string output, string error) = Run(0, "--images", "8");
        Assert.Matches(@"(?s)detector .*teacher .*comes with Retort\n.*plain student .*distilled student ", output);
        Assert.Contains("The teacher was worth", output);
        string picture = Path.Combine(_folder.Path, "comparison.png");
        Assert.Contains(picture, output);
        using (Image sheet = ImageDecoder.Decode(picture))
        {
            Assert.True(sheet.Width > 3 * 64, "three columns");
        }

        Assert.Contains("epoch 1: AP", error);
        Assert.Equal(["student", "student_ld"], Directory.GetDirectories(Path.Combine(_folder.Path, "runs", "demo"))
            .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        byte[] student = File.ReadAllBytes(Path.Combine(_folder.Path, "runs/demo/student/last.ckpt"));
        (output, error) = Run(0, "--images", "8");
        Assert.Contains("an earlier call", output);
        Assert.DoesNotContain("epoch 1: AP", error);
        Assert.Equal(student, File.ReadAllBytes(Path.Combine(_folder.Path, "runs/demo/student/last.ckpt")));
    }

    [Theory]
    [InlineData("--images is '3'; it must be a whole number from 4 to 100000.", "--images", "3")]
    [InlineData("unknown key 'schedul'", "--set", "schedul.epochs=1")]
    public void What_cannot_be_is_refused_before_anything_is_drawn(string expected, params string[] arguments)
    {
        Assert.Contains(expected, Run(2, arguments).Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    // From the repository, where its recipes and its teacher are.
    private (string Output, string Error) Run(int code = 0, params string[] more)
    {
        using Process process = RetortProcess.Start(["demo", "--output", _folder.Path, .. s_small.Concat(more)], $"cd '{Repository.Root}'");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == code, error.Result);
        return (output, error.Result);
    }
}

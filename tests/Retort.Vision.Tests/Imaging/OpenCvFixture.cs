using System.Diagnostics;

namespace Retort.Vision.Tests.Imaging;

/// <summary>Runs opencv_cases.py once, where a Python with OpenCV is installed.</summary>
public sealed class OpenCvFixture : IDisposable
{
    private readonly string? _missing;

    public OpenCvFixture()
    {
        string script = Path.Combine(Repository.Root, "tests", "Retort.Vision.Tests", "Imaging", "opencv_cases.py");
        foreach (string python in new[] { Environment.GetEnvironmentVariable("RETORT_PYTHON") ?? "python3", "/usr/bin/python3" })
        {
            if (Run(python, "-c", "import cv2, numpy") is null)
            {
                string? failure = Run(python, script, Folder.Path);
                Assert.True(failure is null, failure);
                return;
            }
        }

        _missing = "needs a Python with OpenCV and NumPy to compare with (Debian: python3-opencv)";
    }

    internal TemporaryFolder Folder { get; } = new();

    public string FolderOrSkip()
    {
        if (_missing is not null)
        {
            Assert.Skip(_missing);
        }

        return Folder.Path;
    }

    public void Dispose() => Folder.Dispose();

    private static string? Run(string python, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : errors;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}

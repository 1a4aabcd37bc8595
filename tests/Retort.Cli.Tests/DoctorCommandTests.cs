namespace Retort.Cli.Tests;

public sealed class DoctorCommandTests
{
    [Fact]
    public void What_was_found_is_listed_with_what_to_do()
    {
        CapturedCommand shown = CapturedCommand.Run("doctor");
        Assert.True(shown.Code == 0, shown.Output);
        Assert.Equal("", shown.Error);
        Assert.All(new[] { "program", "bridge to libtorch", "libtorch", "BLAS", "oneDNN", "threads", "GPU", "libjpeg-turbo" },
            what => Assert.Contains($"\n  {what}", "\n" + shown.Output));
        Assert.Contains($".NET {Environment.Version}", shown.Output);
    }

    [Fact]
    public void A_bridge_that_does_not_load_is_an_error_that_says_how_to_get_one()
    {
        using var folder = new TemporaryFolder();
        folder.Write("libretort.so", "no library");
        using var process = RetortProcess.Start(["doctor"], $"export RETORT_NATIVE='{folder.Path}'");
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 2, output + error);
        Assert.Contains("not found", output);
        Assert.Contains("could not be loaded", output);
        Assert.Contains("make native", output);
    }
}

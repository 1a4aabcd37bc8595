using System.Diagnostics;

namespace Retort.Cli.Tests;

/// <summary>
/// How OpenMP's threads wait, in processes of their own: libgomp reads its environment once, when it is loaded. <c>OMP_DISPLAY_ENV</c> lets
/// it say what it read.
/// </summary>
public sealed class ThreadWaitingTests
{
    private const string CleanEnvironment = "unset OMP_WAIT_POLICY GOMP_SPINCOUNT LD_PRELOAD; export OMP_DISPLAY_ENV=VERBOSE";

    [Fact]
    public void Threads_spin_briefly_whatever_the_environment_of_the_program()
    {
        (string doctor, string openMp) = Run(CleanEnvironment);
        Assert.Contains("GOMP_SPINCOUNT = '1000'", openMp);
        Assert.Matches(@"waiting threads +GOMP_SPINCOUNT=1000, set by Retort", doctor);
    }

    [Theory]
    [InlineData("OMP_WAIT_POLICY=active", "GOMP_SPINCOUNT = '30000000000'")]
    [InlineData("OMP_WAIT_POLICY=passive", "GOMP_SPINCOUNT = '0'")]
    [InlineData("GOMP_SPINCOUNT=77", "GOMP_SPINCOUNT = '77'")]
    public void A_setting_of_the_user_is_left_alone(string setting, string inForce)
    {
        (string doctor, string openMp) = Run($"{CleanEnvironment} {setting}");
        Assert.Contains(inForce, openMp);
        Assert.Contains($"{setting}, set in the environment", doctor);
    }

    [Fact]
    public void Doctor_says_where_OpenMP_was_loaded_too_early()
    {
        (string doctor, string openMp) = Run($"{CleanEnvironment} LD_PRELOAD=libgomp.so.1");
        Assert.DoesNotContain("GOMP_SPINCOUNT = '1000'", openMp);
        Assert.Contains("(libgomp.so.1 was loaded before Retort)", doctor);
        Assert.Contains("set GOMP_SPINCOUNT=1000 before the program starts", doctor);
    }

    private static (string Doctor, string OpenMp) Run(string shell)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "OpenMP is GCC's on Linux");
        using Process process = RetortProcess.Start(["doctor"], $"{shell}");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output.Result + error);
        return (output.Result, error);
    }
}

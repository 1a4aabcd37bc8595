using System.Diagnostics;

namespace Retort.Cli.Tests;

/// <summary>Runs that are killed without warning, and disks that take no more.</summary>
public sealed class KilledRunTests(TinyData data) : IClassFixture<TinyData>, IDisposable
{
    private const int Kills = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Runs => Path.Combine(_folder.Path, "runs");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_killed_at_any_moment_continues_to_the_same_bits(int seed)
    {
        string recipe = data.WriteRecipe(_folder.Path);
        string[] Command(string name, params string[] more) =>
            ["train", recipe, "--set", $"name={name}", "--set", "schedule.epochs=4", "--set", "log.checkpointInterval=1", "--set",
                "ema.enabled=true", .. more];
        CapturedCommand whole = CapturedCommand.Run(Command("whole"));
        Assert.True(whole.Code == 0, whole.Error);
        var random = new Random(seed);
        int killed = 0;
        for (int k = 0; k < Kills; k++)
        {
            using Process process = RetortProcess.Start(Command("killed", k > 0 ? ["--resume"] : []));
            WaitForMoment(process, Path.Combine(Runs, "killed"), random);
            if (process.HasExited)
            {
                break;
            }

            process.Kill();
            (int code, string error) = RetortProcess.Finish(process);
            killed++;
            Assert.True(code == 128 + 9, $"the run ended by itself with {code}: {error}");
            CheckFilesAreWhole(Path.Combine(Runs, "killed"));
        }

        Assert.True(killed >= 2, "the run was over before it could be killed twice");
        CapturedCommand last = CapturedCommand.Run(Command("killed", "--resume"));
        Assert.True(last.Code == 0, last.Error);
        foreach (string name in new[] { "last.ckpt", "best.ckpt" })
        {
            Assert.Equal(FlatCheckpoint.Read(Path.Combine(Runs, "whole", name)), FlatCheckpoint.Read(Path.Combine(Runs, "killed", name)));
        }

        Assert.Equal(File.ReadAllText(Path.Combine(Runs, "whole", "log.jsonl")),
            File.ReadAllText(Path.Combine(Runs, "killed", "log.jsonl")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Runs, "killed"), "last.ckpt.tmp-*"));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void A_run_that_is_asked_to_stop_keeps_what_it_has_and_says_so(string signal)
    {
        string recipe = data.WriteRecipe(_folder.Path);
        string log = Path.Combine(Runs, "tiny", "log.jsonl");
        using Process process = RetortProcess.Start(["train", recipe, "--set", "schedule.epochs=1000"]);
        Wait(process, () => File.Exists(log) && new FileInfo(log).Length > 0);
        Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        (int code, string error) = RetortProcess.Finish(process);
        Assert.True(code == 130, $"exit code {code}: {error}");
        Assert.Contains("--resume continues", error);
        CheckFilesAreWhole(Path.Combine(Runs, "tiny"));
        Assert.True(File.Exists(Path.Combine(Runs, "tiny", "last.ckpt")));
    }

    [Fact]
    public void A_checkpoint_that_finds_no_room_leaves_the_former_one()
    {
        string recipe = data.WriteRecipe(_folder.Path, more: "");
        string folder = Path.Combine(Runs, "tiny");
        CapturedCommand first = CapturedCommand.Run("train", recipe, "--set", "schedule.epochs=1", "--set", "schedule.steps=[]");
        Assert.True(first.Code == 0, first.Error);
        byte[] before = File.ReadAllBytes(Path.Combine(folder, "last.ckpt"));
        long kibibytes = before.Length / 1024 / 2;

        // A limit on the size of files: the trap makes an error of what would be a signal.
        using Process process = RetortProcess.Start(["train", recipe, "--resume", "--allow-changes"],
            $"trap '' XFSZ; ulimit -f {kibibytes}");
        (int code, string error) = RetortProcess.Finish(process);
        Assert.True(code == 2, $"{code}: {error}");
        Assert.Contains(Path.Combine(folder, "last.ckpt"), error);
        Assert.Contains("free", error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--resume", error);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder, "last.ckpt")));
        Assert.Empty(Directory.EnumerateFiles(folder, "*.tmp*"));
    }

    [Fact]
    public void A_disk_that_is_full_leaves_the_last_checkpoint_whole()
    {
        SkipWithoutOwnMounts();
        string recipe = data.WriteRecipe(_folder.Path);
        string folder = Path.Combine(Runs, "tiny");
        CapturedCommand first = CapturedCommand.Run("train", recipe, "--set", "schedule.epochs=1", "--set", "schedule.steps=[]", "--set",
            "evaluation.interval=0");
        Assert.True(first.Code == 0, first.Error);
        long kibibytes = (Directory.EnumerateFiles(folder).Sum(f => new FileInfo(f).Length) / 1024)
            + (new FileInfo(Path.Combine(folder, "last.ckpt")).Length / 1024 / 2);

        // A small disk of its own over the folder of runs, with what is there so far and room for half a checkpoint; it is gone with the
        // process.
        string script = $"""
            cp -r '{Runs}' '{Runs}.copy' && mount -t tmpfs -o size={kibibytes}k tmpfs '{Runs}' && cp -r '{Runs}.copy/.' '{Runs}' || exit 99
            "$@"
            code=$?
            cmp '{Runs}.copy/tiny/last.ckpt' '{folder}/last.ckpt' || exit 98
            ls '{folder}' | grep tmp && exit 97
            exit $code
            """;
        string quoted = script.Replace("'", "'\\''", StringComparison.Ordinal);
        using Process process = RetortProcess.Start(["train", recipe, "--resume", "--allow-changes"],
            $"exec unshare -rm bash -c '{quoted}' bash \"$@\"");
        (int code, string error) = RetortProcess.Finish(process);
        Assert.True(code == 2, $"{code}: {error}");
        Assert.Contains(".ckpt: the checkpoint cannot be written (No space left on device", error);
        Assert.Contains("--resume", error);
    }

    private static void SkipWithoutOwnMounts()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("unshare",
                ["-rm", "mount", "-t", "tmpfs", "tmpfs", Path.GetTempPath()])
            { RedirectStandardError = true })!;
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
        }

        Assert.Skip("needs 'unshare -rm' and mounts in it, to make a small disk without being the superuser");
    }

    private static void WaitForMoment(Process process, string folder, Random random)
    {
        // One of three: as soon as the run has begun, some time after its next checkpoints, or while it writes one.
        int moment = random.Next(3);
        if (moment == 0)
        {
            Wait(process, () => File.Exists(Path.Combine(folder, "recipe.yaml")));
        }
        else
        {
            for (int checkpoints = random.Next(1, 4); checkpoints > 0; checkpoints--)
            {
                DateTime former = LastWritten(folder);
                Wait(process, () => LastWritten(folder) != former);
            }

            if (moment == 2)
            {
                Wait(process, () => Directory.EnumerateFiles(folder, "*.ckpt.tmp-*").Any());
                return;
            }
        }

        process.WaitForExit(random.Next(60));
    }

    private static void Wait(Process process, Func<bool> condition)
    {
        while (!process.HasExited && !condition())
        {
            Thread.Yield();
        }
    }

    private static DateTime LastWritten(string folder) => File.GetLastWriteTimeUtc(Path.Combine(folder, "last.ckpt"));

    private static void CheckFilesAreWhole(string folder)
    {
        foreach (string checkpoint in Directory.EnumerateFiles(folder, "*.ckpt"))
        {
            Assert.NotEmpty(FlatCheckpoint.Read(checkpoint, "state_dict"));
        }
    }
}

using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Core;

namespace Retort.Cli.Tests;

/// <summary>Options that cannot be meant, or would have no effect, end a command before its work, in words of its own help.</summary>
public sealed class RefusedOptionsTests(PublishedModelTests.Model model) : LeakCheckedTest, IClassFixture<PublishedModelTests.Model>
{
    [Theory]
    [InlineData("0,5")]
    [InlineData("-1")]
    [InlineData("2")]
    [InlineData("NaN")]
    [InlineData("1e-1000000x")]
    public void A_share_is_a_number_from_0_to_1(string given) => TrainCommandTests.Refused(
        CapturedCommand.Run("predict", model.File, model.Pictures, $"--threshold={given}"),
            $"--threshold is '{given}'; it must be a number from 0 to 1, with a decimal point");

    [Fact]
    public void Numbers_have_a_decimal_point_wherever_they_are_read()
    {
        Option<double> share = NumberOption.Share("--share", "A share.", 0.25);
        var command = new RootCommand { share };
        Assert.Equal(0.25, command.Parse([]).GetValue(share));
        Assert.Equal(0.5, command.Parse(["--share", "0.5"]).GetValue(share));
        Assert.Equal(0.05, command.Parse(["--share", "5e-2"]).GetValue(share));
        Option<double[]> list = NumberOption.Reals("--list", "Some.", [1], 0, 16);
        Assert.Equal([0.5, 1, 1.5], new RootCommand { list }.Parse(["--list", "0.5", "1", "1.5"]).GetValue(list)!);
        Assert.NotEmpty(new RootCommand { list }.Parse(["--list", "0.5", "1,5"]).Errors);
    }

    [Theory]
    [InlineData("--size is '96'; it must be width and height, each from 32 to 16384", "speed", "x", "--size", "96")]
    [InlineData("--size is 'large'; it must be a whole number.", "dataset", "split", ".", "--output", "x", "--size", "large")]
    [InlineData("--count is 'many'; it must be a whole number from 1 to 1000.", "dataset", "browse", "demo/student", "--count", "many")]
    [InlineData("--train is '1.5'; it must be a whole number of at least 1.", "dataset", "synth", "x", "--train", "1.5")]
    [InlineData("--size is 5, but it must be from 16 to 16384", "dataset", "split", ".", "--output", "x", "--size", "5")]
    [InlineData("--rate is '0,5'; it must be a number from 0 to 16", "dataset", "split", ".", "--output", "x", "--rate", "0,5")]
    [InlineData("--iou is '1.5'; it must be a number from 0 to 1", "dataset", "merge", "x", "--output", "y", "--iou", "1.5")]
    public void Numbers_that_are_none_are_told_without_the_names_of_NET(string expected, params string[] arguments)
    {
        CapturedCommand shown = CapturedCommand.Run(arguments);
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Contains(expected, shown.Error);
        Assert.DoesNotContain("System.", shown.Error);
    }

    [Theory]
    [InlineData("sheet: this names no image format", "dataset", "browse", "demo/student", "--output", "sheet")]
    [InlineData("sheet.webp: this names no image format", "dataset", "browse", "demo/student", "--output", "sheet.webp")]
    [InlineData("small.pth: --output names the folder, and --name what the file is called", "publish", "x.ckpt", "--output", "small.pth")]
    public void A_place_of_the_wrong_kind_is_told_before_the_work(string expected, params string[] arguments)
    {
        TrainCommandTests.Refused(CapturedCommand.Run(arguments), expected);
        Assert.False(Path.Exists(arguments[^1]));
    }

    [Fact]
    public void A_folder_that_is_a_link_to_nothing_is_told_before_the_work()
    {
        using var folder = new TemporaryFolder();
        string link = Path.Combine(folder.Path, "disk");
        File.CreateSymbolicLink(link, Path.Combine(folder.Path, "not-mounted"));
        TrainCommandTests.Refused(CapturedCommand.Run("predict", model.File, model.Pictures, "--output", Path.Combine(link, "out")),
            "disk: this is a link to", "not-mounted, which is not there");
    }

    [Fact]
    public void A_size_may_be_written_as_people_do()
    {
        CapturedCommand run = CapturedCommand.Run("speed", model.File, "--runs", "1", "--size", "64x96", "--threads", "1");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("64x96", run.Output);
    }

    [Theory]
    [InlineData("eval", "data.classes=[a]", "a trained detector's classes are those that it was trained with")]
    [InlineData("eval", "schedule.epochs=3", "this one is trained already")]
    [InlineData("predict", "model.backbone.weights=null", "this one is trained already")]
    [InlineData("predict", "data.root=elsewhere", "nothing is measured here")]
    [InlineData("speed", "evaluation={protocol: voc07}", "nothing is measured here")]
    public void What_a_trained_detector_cannot_change_is_refused(string command, string set, string expected)
    {
        string[] pictures = command == "predict" ? [model.Pictures] : [];
        TrainCommandTests.Refused(CapturedCommand.Run([command, model.File, .. pictures, "--set", set]), $"--set {set}: ", expected);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_before_the_work()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", "");
        string below = Path.Combine(file, "m.json"), missing = Path.Combine(folder.Path, "none", "m.json");
        void Refused(string[] arguments, params string[] parts)
        {
            CapturedCommand run = CapturedCommand.Run(arguments);
            TrainCommandTests.Refused(run, parts);
            Assert.DoesNotContain("measuring", run.Error);
        }

        Refused(["eval", model.File, "--json", missing], missing, "does not exist", "--json");
        Refused(["eval", model.File, "--json", folder.Path], "this is a folder", "--json");
        Refused(["eval", model.File, "--save-results", below], "does not exist", "--save-results");
        Refused(["predict", model.File, model.Pictures, "--output", file], file, "there is a file of this name", "--output");
        Refused(["publish", model.File, "--output", Path.Combine(file, "models")], file, "there is a file of this name", "--output");
        Refused(["dataset", "browse", "demo/student", "--output", missing], "does not exist", "--output");
        Refused(["dataset", "merge", "none", "--output", Path.Combine(file, "task1.zip")], file, "there is a file of this name",
            "--output");
        Refused(["dataset", "synth", file], file, "there is a file of this name");
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_without_permission_is_told_without_the_names_of_temporary_files()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("here every folder can be written");
            return;
        }

        using var folder = new TemporaryFolder();
        string closed = Path.Combine(folder.Path, "closed");
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string message = Assert.Throws<RetortException>(() => OutputPath.RequireFolder(closed, "--output")).Message;
        Assert.Equal($"{closed}: nothing can be written in {closed} (permission denied); permit it, or name another place by --output",
            message);
    }

    [Fact]
    public void A_checkpoint_that_is_not_there_is_told_with_where_they_are() => TrainCommandTests.Refused(
        CapturedCommand.Run("eval", "none.ckpt"), "none.ckpt: there is no such file", "best.ckpt");
}

using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

/// <summary>Splitting, merging and measuring with DOTA's files.</summary>
public sealed class DotaCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void AddImage(string labels)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "images"));
        using var image = new Image(150, 100);
        image.Pixels.Fill(90);
        ImageEncoder.Write(Path.Combine(_folder.Path, "images/P1.png"), image);
        _folder.Write("labelTxt/P1.txt", labels);
    }

    [Fact]
    public void Without_labels_no_window_is_empty_and_none_can_be_skipped() =>
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "split", _folder.Path, "--output", At("windows"), "--skip-empty"),
            "--skip-empty leaves out windows without objects", "--labels");

    private string At(string name) => Path.Combine(_folder.Path, name);

    private CapturedCommand Split(params string[] more) =>
        CapturedCommand.Run(["dataset", "split", At("images"), "--labels", At("labelTxt"), "--output", At("windows"), "--size", "100",
            "--gap", "50", .. more]);

    [Fact]
    public void A_split_is_made_once_and_can_be_checked_and_drawn()
    {
        AddImage("10 10 40 10 40 30 10 30 ship 0\n1 1 149 1 149 5 1 5 plane 0\n");
        CapturedCommand first = Split();
        Assert.Equal((0, $"{At("windows")}: 2 windows of 1 image\n2 objects are labelled 1 time; 1 lies in no window with enough of "
            + "their area\n"), (first.Code, first.Output));
        Assert.StartsWith($"{At("windows")}: 2 windows (2 were there; their labels were written again) of 1 image\n", Split().Output);
        string recipe = _folder.Write("recipe.yaml",
            $"data: {{format: dota, root: {At("windows")}, train: {{annotations: labelTxt, images: images}}}}\n");
        Assert.Contains("2 images, 100 x 100 pixels, 1 without objects, 2 decoded", CapturedCommand.Run("dataset", "check", recipe).Output);
        Assert.Equal(0, CapturedCommand.Run("dataset", "browse", recipe, "--output", At("sheet.png")).Code);
        Assert.True(File.Exists(At("sheet.png")));
    }

    [Fact]
    public void A_split_with_other_settings_or_bad_options_is_refused()
    {
        AddImage("");
        Split();
        Assert.Equal(2, Split("--image-share", "0.1").Code);
        Assert.Contains("--object-share is '7'; it must be a number from 0 to 1", Split("--object-share", "7").Error);
    }

    [Fact]
    public void Detections_of_windows_are_merged_and_measured()
    {
        AddImage("10 10 40 10 40 30 10 30 ship 0\n");
        _folder.Write("found/Task1_ship.txt", "P1__100__0___0 0.9 10 10 40 10 40 30 10 30\nP1__100__10___0 0.8 0 10 30 10 30 30 0 30\n");
        CapturedCommand merged = CapturedCommand.Run("dataset", "merge", At("found"), "--output", At("task1.zip"));
        Assert.Equal((0, $"{At("task1.zip")}: 1 of 2 detections, 1 images from 2 windows\n"), (merged.Code, merged.Output));
        CapturedCommand measured = CapturedCommand.Run("eval", "--annotations", At("labelTxt"), "--results", At("task1.zip"), "--json",
            At("out.json"));
        Assert.Equal(0, measured.Code);
        Assert.Contains("AP 1.0000: the mean over IoU .50 to .95 of rotated boxes, by eleven points\n", measured.Output);
        Assert.Contains("\"AP95\": 1", File.ReadAllText(At("out.json")));
        string mergedHere = CapturedCommand.Run("eval", "--annotations", At("labelTxt"), "--results", At("found"), "--merge").Output;
        Assert.Equal(measured.Output, mergedHere);
    }

    [Fact]
    public void Merging_replaces_neither_its_own_input_nor_other_results_without_being_told_to()
    {
        string windows = _folder.Write("found/Task1_ship.txt", "P1__100__0___0 0.9 10 10 40 10 40 30 10 30\n");
        string before = File.ReadAllText(windows), earlier = _folder.Write("merged/Task1_plane.txt", "");
        CapturedCommand Merge(string output, params string[] more) =>
            CapturedCommand.Run(["dataset", "merge", At("found"), "--output", output, .. more]);
        TrainCommandTests.Refused(Merge(At("found") + "/", "--force"), "the detections of windows are read from there", "--output");
        Assert.Equal(before, File.ReadAllText(windows));
        TrainCommandTests.Refused(Merge(At("merged")), $"{earlier}: the folder has result files already", "--force");
        Assert.Equal(0, Merge(At("merged"), "--force").Code);
        Assert.Equal([At("merged/Task1_ship.txt")], Directory.GetFiles(At("merged")));
    }

    [Theory]
    [InlineData("--at-iou is for horizontal boxes", "--at-iou", "75")]
    [InlineData("--reference-max-detections is for horizontal boxes", "--reference-max-detections")]
    public void Options_for_horizontal_boxes_are_refused(string message, params string[] options)
    {
        AddImage("10 10 40 10 40 30 10 30 ship 0\n");
        _folder.Write("found/Task1_ship.txt", "P1 0.9 10 10 40 10 40 30 10 30\n");
        TrainCommandTests.Refused(CapturedCommand.Run(["eval", "--annotations", At("labelTxt"), "--results", At("found"), .. options]),
            message);
    }

    [Fact]
    public void What_the_authors_script_prints_can_be_shown()
    {
        AddImage("10 10 40 10 40 30 10 30 ship 0\n50 50 60 50 60 60 50 60 plane 0\n");
        _folder.Write("found/Task1_ship.txt", "P1 0.9 10 10 40 10 40 30 10 30\n");
        CapturedCommand shown = CapturedCommand.Run("eval", "--annotations", At("labelTxt"), "--results", At("found"), "--reference-print");
        Assert.Contains("\nAP50 0.5000  AP55 0.5000", shown.Output);
        Assert.Contains("a sum that runs on from threshold to threshold:\nAP 0.9001  AP50 0.5000  AP55 0.7500", shown.Output);
    }

    [Fact]
    public void A_list_of_names_chooses_the_images_to_measure_on()
    {
        AddImage("10 10 40 10 40 30 10 30 ship 0\n");
        _folder.Write("labelTxt/P2.txt", "10 10 40 10 40 30 10 30 ship 0\n");
        _folder.Write("found/Task1_ship.txt", "P1 0.9 10 10 40 10 40 30 10 30\n");
        CapturedCommand Eval(params string[] more) =>
            CapturedCommand.Run(["eval", "--annotations", At("labelTxt"), "--results", At("found"), .. more]);
        Assert.Contains("AP 0.5455:", Eval().Output);
        Assert.Contains("AP 1.0000:", Eval("--split", _folder.Write("subset.txt", "P1\n")).Output);
        _folder.Write("found/Task1_ship.txt", "P1 0.9 10 10 40 10 40 30 10 30\nP2 0.95 90 90 99 90 99 99 90 99\n");
        Assert.Contains("AP 1.0000:", Eval("--split", At("subset.txt")).Output);
        TrainCommandTests.Refused(Eval("--split", _folder.Write("twice.txt", "P1\nsub/P1\n")), "the label file does not exist");
        _folder.Write("labelTxt/sub/P1.txt", "10 10 40 10 40 30 10 30 ship 0\n");
        TrainCommandTests.Refused(Eval("--split", At("twice.txt")), "P1 and sub/P1 are images of one name", "Rename all but one");
        File.Delete(At("labelTxt/sub/P1.txt"));
        TrainCommandTests.Refused(Eval("--split", At("none.txt")), $"{At("none.txt")}: the list of names does not exist");
        TrainCommandTests.Refused(Eval("--split", _folder.Write("subset.txt", "P7\n")), "the label file does not exist");
        TrainCommandTests.Refused(Eval("--split", _folder.Write("subset.txt", "")), "no image is named");
    }

    [Fact]
    public void A_class_that_only_the_results_have_is_told()
    {
        AddImage("10 10 40 10 40 30 10 30 ship 0\n");
        _folder.Write("found/Task1_plane.txt", "");
        _folder.Write("found/Task1_shpi.txt", "P1 0.9 10 10 40 10 40 30 10 30\n");
        CapturedCommand run = CapturedCommand.Run("eval", "--annotations", At("labelTxt"), "--results", At("found"));
        Assert.Equal(0, run.Code);
        Assert.Equal($"warning: {At("found")}: Task1_shpi.txt has detections, but the labels have no object of the class 'shpi'; did you "
            + "mean 'ship'?\n", run.Error);
    }

    [Fact]
    public void A_split_of_nothing_is_refused_and_names_the_folder()
    {
        TrainCommandTests.Refused(Split(), $"{At("images")}: the folder does not exist");
        Directory.CreateDirectory(At("images"));
        TrainCommandTests.Refused(Split(), $"{At("images")}: the folder has no image", ".png");
        AddImage("10 10 40 10 40 30 10 30 ship 0\n");
        Directory.Delete(At("labelTxt"), recursive: true);
        TrainCommandTests.Refused(Split(), $"{At("labelTxt")}: the folder does not exist");
    }

    [Fact]
    public void What_a_split_leaves_out_is_told()
    {
        AddImage("10 10 40 30 40 10 10 30 ship 0\n");
        _folder.Write("images/P2.tif", "II");
        _folder.Write("labelTxt/P3.txt", "");
        CapturedCommand split = Split();
        Assert.Equal(0, split.Code);
        Assert.Contains($"warning: {At("images/P2.tif")}: a .tif image is left out; this format is not read", split.Error);
        Assert.Contains($"warning: {At("labelTxt/P3.txt")}: there is no image of this name", split.Error);
        Assert.Contains($"warning: {At("labelTxt/P1.txt")}, line 1: the sides of the polygon cross each other", split.Error);
    }

    [Fact]
    public void Results_that_are_not_there_or_of_whole_images_are_named()
    {
        AddImage("10 10 40 10 40 30 10 30 ship 0\n");
        TrainCommandTests.Refused(CapturedCommand.Run("eval", "--annotations", At("labelTxt"), "--results", At("nothing")),
            $"{At("nothing")}: there is no such file or folder");
        _folder.Write("found/Task1_ship.txt", "P1 0.9 10 10 40 10 40 30 10 30\n");
        TrainCommandTests.Refused(CapturedCommand.Run("dataset", "merge", At("found"), "--output", At("task1.zip")),
            $"{At("found")}: 'P1' is not the name of a window");
    }

    [Fact]
    public void Files_that_do_not_fit_are_named()
    {
        AddImage("10 10 40 10 40 30 ship 0\n");
        _folder.Write("found/Task1_ship.txt", "P7 0.9 10 10 40 10 40 30 10 30\n");
        CapturedCommand broken = CapturedCommand.Run("eval", "--annotations", At("labelTxt"), "--results", At("found"));
        Assert.Equal(2, broken.Code);
        Assert.Contains("P1.txt, line 1: a polygon of 3 points", broken.Error);
        _folder.Write("labelTxt/P1.txt", "");
        Assert.Contains("the image 'P7' is not among the 1 of the annotations",
            CapturedCommand.Run("eval", "--annotations", At("labelTxt"), "--results", At("found")).Error);
    }
}

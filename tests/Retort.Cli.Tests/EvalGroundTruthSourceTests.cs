using System.Globalization;
using System.Text.Json;

namespace Retort.Cli.Tests;

/// <summary>A checkpoint on data that its recipe does not name, in three formats.</summary>
public sealed class EvalGroundTruthSourceTests(PublishedModelTests.Model model) : LeakCheckedTest, IClassFixture<PublishedModelTests.Model>
{
    private static readonly string[] s_low = ["--set", "model.postProcessing.scoreThreshold=0.001"];

    private string Annotations => Path.Combine(model.Pictures, "..", "..", "annotations", "instances_val.json");

    private CapturedCommand Eval(params string[] more) => CapturedCommand.Run(["eval", model.File, .. s_low, .. more]);

    [Fact]
    public void The_numbers_of_a_file_with_images_are_those_of_the_recipe_that_names_them()
    {
        CapturedCommand own = Eval(), given = Eval("--set", "data.root=/nowhere", "--annotations", Annotations, "--images", model.Pictures);
        Assert.True(given.Code == 0, given.Error);
        Assert.Equal(own.Output, given.Output);
        Assert.Contains("AP", own.Output);
    }

    [Fact]
    public void A_VOC_folder_with_a_split_and_DOTAs_label_files_are_measured_on_too()
    {
        string voc = Path.Combine(model.Folder, "voc");
        Assert.Equal(0, CapturedCommand.Run("dataset", "convert", "coco-to-voc", Annotations, voc, "--images", model.Pictures, "--split",
            "test").Code);
        CapturedCommand ofVoc = Eval("--annotations", voc, "--split", "test", "--protocol", "voc12");
        Assert.True(ofVoc.Code == 0, ofVoc.Error);
        Assert.Equal(Eval("--protocol", "voc12").Output, ofVoc.Output);

        string labels = Path.Combine(model.Folder, "labelTxt");
        WriteLabels(labels);
        CapturedCommand ofDota = Eval("--annotations", labels, "--images", model.Pictures, "--protocol", "voc12");
        Assert.True(ofDota.Code == 0, ofDota.Error);
        Assert.Equal(Eval("--protocol", "voc12").Output, ofDota.Output);
    }

    [Fact]
    public void Label_files_with_indices_of_classes_are_measured_on_too()
    {
        string labels = Path.Combine(model.Folder, "yolo", "labels");
        string[] names = [.. WriteLabels(labels, indexed: true).Reverse()];

        // What the indices mean says the file above the labels; it is another order than the detector's.
        File.WriteAllLines(Path.Combine(model.Folder, "yolo", "classes.txt"), names);
        CapturedCommand given = Eval("--annotations", labels, "--images", model.Pictures, "--protocol", "voc12");
        Assert.True(given.Code == 0, given.Error);

        // The table has the order of that file, too.
        Assert.Equal(Eval("--protocol", "voc12").Output.Split('\n').Order(), given.Output.Split('\n').Order());
    }

    [Theory]
    [InlineData("give the folder of the images by --images", "ANNOTATIONS")]
    [InlineData("--split is for a VOC folder or a folder of label files", "ANNOTATIONS", "--images", ".", "--split", "test")]
    [InlineData("a VOC folder needs --split", "VOC")]
    [InlineData("a VOC folder has its own images", "VOC", "--images", ".", "--split", "test")]
    public void What_the_format_needs_is_asked_for(string message, string annotations, params string[] more)
    {
        string voc = Directory.CreateDirectory(Path.Combine(model.Folder, "some", "JPEGImages")).Parent!.FullName;
        TrainCommandTests.Refused(Eval(["--annotations", annotations == "VOC" ? voc : Annotations, .. more]), message);
    }

    [Fact]
    public void Images_without_annotations_are_refused() =>
        TrainCommandTests.Refused(Eval("--images", "."), "--images and --split belong to --annotations");

    // The same upright boxes as four corners, clockwise, or in YOLO's form with indices in the reversed order of the classes.
    private IEnumerable<string> WriteLabels(string folder, bool indexed = false)
    {
        Directory.CreateDirectory(folder);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Annotations));
        Dictionary<int, string> names =
            json.RootElement.GetProperty("categories").EnumerateArray()
            .ToDictionary(c => c.GetProperty("id").GetInt32(), c => c.GetProperty("name").GetString()!);
        string[] order = [.. names.Values];
        foreach (JsonElement image in json.RootElement.GetProperty("images").EnumerateArray())
        {
            (double width, double height) = (image.GetProperty("width").GetDouble(), image.GetProperty("height").GetDouble());
            IEnumerable<string> lines = json.RootElement.GetProperty("annotations").EnumerateArray()
                .Where(a => a.GetProperty("image_id").GetInt32() == image.GetProperty("id").GetInt32()).Select(a =>
            {
                double[] b = [.. a.GetProperty("bbox").EnumerateArray().Select(v => v.GetDouble())];
                string name = names[a.GetProperty("category_id").GetInt32()];
                return indexed
                    ? string.Create(
                    CultureInfo.InvariantCulture, $"{order.Length - 1 - Array.IndexOf(order, name)} {(b[0] + (b[2] / 2)) / width} "
                        + $"{(b[1] + (b[3] / 2)) / height} {b[2] / width} {b[3] / height}")
                    : string.Create(
                    CultureInfo.InvariantCulture,
                        $"{b[0]} {b[1]} {b[0] + b[2]} {b[1]} {b[0] + b[2]} {b[1] + b[3]} {b[0]} {b[1] + b[3]} {name} 0");
            });
            File.WriteAllLines(Path.Combine(folder, Path.ChangeExtension(image.GetProperty("file_name").GetString()!, ".txt")), lines);
        }

        return order;
    }
}

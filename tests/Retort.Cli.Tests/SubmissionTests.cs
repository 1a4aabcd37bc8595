using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Retort.Cli.Tests;

/// <summary>Detections of a test set without annotations.</summary>
public sealed class SubmissionTests(PublishedModelTests.Model model) : LeakCheckedTest, IClassFixture<PublishedModelTests.Model>
{
    private const int IdOffset = 100;

    private static readonly string[] s_low = ["--set", "model.postProcessing.scoreThreshold=0.001"];

    private string Annotations => Path.Combine(model.Pictures, "..", "..", "annotations", "instances_val.json");

    [Fact]
    public void The_servers_files_have_the_detections_in_the_ids_of_the_test_set()
    {
        string output = Path.Combine(model.Folder, "submission");
        CapturedCommand run = CapturedCommand.Run(["predict", model.File, "--image-info", ImageInfo(_ => { }), "--images", model.Pictures,
            "--name", "tiny_1", "--output", output, .. s_low]);
        Assert.True(run.Code == 0, run.Error);
        string json = Path.Combine(output, "detections_test-dev2017_tiny_1_results.json"), zip = Path.ChangeExtension(json, ".zip");
        Assert.Equal([json, zip], Directory.GetFiles(output).Order(StringComparer.Ordinal));
        Assert.Contains(zip, run.Output);

        string known = Path.Combine(model.Folder, "known.json");
        Assert.Equal(0, CapturedCommand.Run(["eval", model.File, "--save-results", known, .. s_low]).Code);
        JsonArray expected = JsonNode.Parse(File.ReadAllText(known))!.AsArray();
        Assert.NotEmpty(expected);
        foreach (JsonNode? detection in expected)
        {
            detection!["category_id"] = IdOffset - (int)detection["category_id"]!;
        }

        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(File.ReadAllText(json))!.ToJsonString());
        using ZipArchive archive = ZipFile.OpenRead(zip);
        ZipArchiveEntry entry = Assert.Single(archive.Entries);
        Assert.Equal(Path.GetFileName(json), entry.FullName);
        using var reader = new StreamReader(entry.Open());
        Assert.Equal(File.ReadAllText(json), reader.ReadToEnd());
    }

    [Fact]
    public void Without_a_name_it_is_the_recipes()
    {
        string output = Path.Combine(model.Folder, "unnamed");
        Assert.Equal(0, CapturedCommand.Run("predict", model.File, "--image-info", ImageInfo(_ => { }), "--images", model.Pictures,
            "--output", output).Code);
        Assert.True(File.Exists(Path.Combine(output, "detections_test-dev2017_tiny_results.zip")));
    }

    [Fact]
    public void A_test_set_that_does_not_fit_is_refused()
    {
        void Refused(string expected, Action<JsonObject> change, params string[] more) => TrainCommandTests.Refused(
            CapturedCommand.Run(["predict", model.File, "--image-info", ImageInfo(change), "--images", model.Pictures, "--output",
                Path.Combine(model.Folder, "refused"), .. more]), expected);
        Refused("has no list `categories`", info => info.Remove("categories"));
        Refused("the data set has no class 'disc'", info => info["categories"]![0]!["name"] = "disk");
        Refused("gone.jpg does not exist", info => info["images"]![0]!["file_name"] = "gone.jpg");
        Refused("'a b' cannot be the name of a submission", _ => { }, "--name", "a b");
        Refused("'a\n' cannot be the name of a submission", _ => { }, "--name", "a\n");
        Refused("stands in place of pictures", _ => { }, "x.jpg");
        Refused("stands in place of pictures", _ => { }, "--threshold", "0.5");
        Assert.False(Directory.Exists(Path.Combine(model.Folder, "refused")));
    }

    [Theory]
    [InlineData("--image-info needs --images", "--image-info", "x.json")]
    [InlineData("--images and --name belong to --image-info", "--images", "x")]
    [InlineData("name pictures or folders of pictures")]
    [InlineData("none.json: the annotation file does not exist", "--image-info", "none.json", "--images", ".")]
    public void What_is_missing_is_named(string expected, params string[] arguments) =>
        TrainCommandTests.Refused(CapturedCommand.Run(["predict", model.File, .. arguments]), expected);

    [Fact]
    public void Measuring_without_annotations_is_refused_with_the_way_to_go() => TrainCommandTests.Refused(
        CapturedCommand.Run("eval", model.File, "--set", $"data.val.annotations={ImageInfo(_ => { })}"), "retort predict --image-info");

    // The validation images without their annotations, the category ids counted down.
    private string ImageInfo(Action<JsonObject> change)
    {
        JsonObject info = JsonNode.Parse(File.ReadAllText(Annotations))!.AsObject();
        info.Remove("annotations");
        foreach (JsonNode? category in info["categories"]!.AsArray())
        {
            category!["id"] = IdOffset - (int)category["id"]!;
        }

        change(info);
        string file = Path.Combine(model.Folder, $"{Guid.NewGuid():N}", "image_info_test-dev2017.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, info.ToJsonString());
        return file;
    }
}

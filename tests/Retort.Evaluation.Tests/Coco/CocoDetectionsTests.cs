using CsCheck;
using Retort.Core;
using Retort.Core.Files;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Tests.Coco;

public sealed class CocoDetectionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("retort-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Written_results_are_read_back_to_the_bit()
    {
        string path = Path.Combine(_folder.FullName, "new", "dets.json");
        Gen.Double[0, 1000].Array[5].Array[0, 40].Sample(entries =>
        {
            CocoDetections written = CocoSamples.Detections([.. entries.Select(e => (1L, 2L, e[..4], e[4]))]);
            written.Write(path);
            CocoDetections read = CocoDetections.Read(path, CocoSamples.TwoImages);
            Assert.Equal(written.ImageIds, read.ImageIds);
            Assert.Equal(written.CategoryIds, read.CategoryIds);
            Assert.Equal(written.Boxes, read.Boxes);
            Assert.Equal(written.Scores, read.Scores);
        }, iter: 20, threads: 1);
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData("3.0", 3L)]
    [InlineData("\"3\"", 3L)]
    [InlineData("\"film/a\"", 3L)]
    [InlineData("\"a\"", 3L)]
    [InlineData("\"b.jpg\"", 8L)]
    [InlineData("\"c\"", null)]
    [InlineData("\"none\"", null)]
    public void An_image_may_be_named_by_its_file(string image, long? expected)
    {
        string truthFile = Path.Combine(_folder.FullName, "gt.json"), path = Path.Combine(_folder.FullName, "dets.json");
        File.WriteAllText(
            truthFile,
            """
            {"images":[{"id":3,"file_name":"film/a.jpg"},{"id":8,"file_name":"b.jpg"},{"id":9,"file_name":"x/c.jpg"},{"id":10,"file_name":"y/c.jpg"}],
             "categories":[{"id":1,"name":"cat"}],"annotations":[{"id":1,"image_id":3,"category_id":1,"bbox":[1,1,5,5]}]}
            """);
        File.WriteAllText(path, $$"""[{"image_id":{{image}},"category_id":1,"bbox":[1,1,5,5],"score":0.5}]""");
        var truth = CocoGroundTruth.Read(truthFile);
        if (expected is { } id)
        {
            Assert.Equal([id], CocoDetections.Read(path, truth).ImageIds);
        }
        else
        {
            Assert.Contains("neither an id nor the name of an image", Assert.Throws<RetortException>(
                () => CocoDetections.Read(path, truth)).Message);
        }
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = Path.Combine(_folder.FullName, "dets.json");
        File.WriteAllText(path, "old");
        Assert.Throws<NotSupportedException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new NotSupportedException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Fields_may_come_in_any_order_and_others_are_skipped()
    {
        CocoDetections read =
            Read("""[{"score": 0.5, "bbox": [1, 2, 3, 4], "segmentation": {"size": [1, 2]}, "category_id": 2, "image_id": 1}]""");
        Assert.Equal([1, 2, 3, 4], read.Boxes);
        Assert.Equal([0.5], read.Scores);
        Assert.Equal(0, Read("[]").Count);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{}", "expected an array of detections")]
    [InlineData("[1]", "entry 0: expected a detection")]
    [InlineData("""[{"image_id": 9, "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}]""",
        "entry 0: image_id 9 is not among the 2 images")]
    [InlineData("""[{"image_id": 1, "category_id": 9, "bbox": [0, 0, 1, 1], "score": 1}]""",
        "entry 0: category_id 9 is not among the 2 categories")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}, {"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}]""", "entry 1: the field score is missing")]
    [InlineData("""[{"category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}]""", "entry 0: the field image_id is missing")]
    [InlineData("""[{"image_id": 1, "bbox": [0, 0, 1, 1], "score": 1}]""", "entry 0: the field category_id is missing")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "score": 1}]""", "entry 0: the field bbox is missing")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": NaN}]""", "entry 0: not valid JSON")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1e999}]""", "entry 0: the score")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": "1"}]""", "entry 0: score is \"1\", not a number")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, -1], "score": 1}]""",
        "entry 0: the bbox [0, 0, 1, -1] has a negative size")]
    [InlineData("""[{"image_id": 1.5, "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}]""", "entry 0: image_id is 1.5, not an integer")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}, {"image""", "entry 1: not valid JSON at line 1")]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}""", "not valid JSON at line 1")]
    [InlineData("[] []", "not valid JSON")]
    public void Bad_results_are_refused(string text, string expected)
    {
        string message = Assert.Throws<RetortException>(() => Read(text)).Message;
        Assert.StartsWith("dets.json: ", message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData(double.NaN, 0.5)]
    [InlineData(1, double.NaN)]
    [InlineData(-1, 0.5)]
    public void Bad_numbers_from_memory_are_refused(double width, double score) =>
        Assert.Throws<RetortException>(() => new CocoDetections().Add(1, 1, [0, 0, width, 1], score));

    private static CocoDetections Read(string text) => CocoDetections.Read(CocoSamples.Stream(text), "dets.json", CocoSamples.TwoImages);
}

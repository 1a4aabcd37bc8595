using CsCheck;
using Retort.Core;
using Retort.Core.Files;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Tests.Coco;

public class CocoGroundTruthTests
{
    private const string Images = """ "images": [{"id": 1, "width": 9, "file_name": "a.jpg"}, {"id": 2}] """;
    private const string Categories = """ "categories": [{"id": 7, "name": "cat"}] """;

    [Fact]
    public void Sections_may_come_in_any_order_and_other_fields_are_skipped()
    {
        CocoGroundTruth read = Read($$"""
            { "info": {"a": [1, {"b": 2}]}, "annotations": [
              {"segmentation": [[1, 2, 3]], "id": 5, "bbox": [1, 2, 3, 4], "category_id": 7, "image_id": 2, "iscrowd": true},
              {"id": 6, "bbox": [1, 2, 3, 4], "category_id": 7, "image_id": 1, "area": 5.5}],
              {{Categories}}, {{Images}} }
            """);
        Assert.Equal(2, read.AnnotationCount);
        Assert.Equal([1, 2], read.ImageIds);
        Assert.Equal("cat", read.Categories.Single().Name);
        Assert.Equal([12, 5.5], read.Areas);
        Assert.Equal([true, false], read.Crowd);
    }

    [Fact]
    public void A_byte_order_mark_is_accepted() =>
        Assert.Equal(1, Read("\uFEFF{" + Images + "," + Categories + ", " + Annotation("[0, 0, 1, 1]") + "}").AnnotationCount);

    [Fact]
    public void A_file_longer_than_the_buffer_is_read_whole()
    {
        string padding = new('x', 300_000);
        string entries = string.Join(",", Enumerable.Range(1, 5_000)
            .Select(i => $$"""{"id": {{i}}, "image_id": 1, "category_id": 7, "bbox": [{{i}}.25, 0, 1, 1]}"""));
        CocoGroundTruth read = Read($$"""{ "info": "{{padding}}", {{Images}}, {{Categories}}, "annotations": [{{entries}}] }""");
        Assert.Equal(Enumerable.Range(1, 5_000).Select(i => i + 0.25), read.Boxes.Where((_, i) => i % 4 == 0));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "expected an object with images")]
    [InlineData("{}", "there is no section 'images'")]
    [InlineData("{" + Images + "}", "there is no section 'categories'")]
    [InlineData("{" + Images + "," + Categories + "}", "there is no section 'annotations'")]
    [InlineData("{" + Images + "," + Categories + """, "annotations": []}""", "there are no annotations")]
    [InlineData("{" + Images + "," + Categories + """, "annotations": {}}""", "expected annotations to be an array")]
    [InlineData("{" + Images + "," + Categories + """, "annotations": [3]}""", "annotations[0]: expected an object")]
    [InlineData("{" + Images + """, "annotations": [{"id": 1, "im""", "annotations[0]: not valid JSON at line 1")]
    [InlineData("""{"images": [{"id": "a"}]}""", "images[0]: id is \"a\", not an integer")]
    [InlineData("""{"images": [{"id": 1}, {"name": "x"}]}""", "images[1]: the field id is missing")]
    public void Files_that_are_not_annotations_are_refused(string text, string expected) => AssertRefused(text, expected);

    [Theory]
    [InlineData("""[{"id": 1, "image_id": 3, "category_id": 7, "bbox": [0, 0, 1, 1]}]""",
        "annotations[0]: image_id 3 is not among the 2 images")]
    [InlineData("""[{"id": 1, "image_id": 1, "category_id": 8, "bbox": [0, 0, 1, 1]}]""",
        "annotations[0]: category_id 8 is not among the 1 categories")]
    [InlineData("""[{"id": 1, "image_id": 1, "category_id": 7}]""", "annotations[0]: the field bbox is missing")]
    [InlineData("""[{"id": 1, "category_id": 7, "bbox": [0, 0, 1, 1]}]""", "annotations[0]: the field image_id is missing")]
    [InlineData("""[{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, -1, 1]}]""", "the bbox [0, 0, -1, 1] has a negative size")]
    [InlineData("""[{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1e999, 1]}]""", "not a finite number")]
    [InlineData("""[{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1]}]""", "a value of bbox is not a number")]
    [InlineData("""[{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1, 1]}]""", "expected bbox to have four values")]
    [InlineData("""[{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1], "area": -4}]""", "the area -4 is not a size")]
    public void Inconsistent_annotations_are_refused(string annotations, string expected) =>
        AssertRefused("{" + Images + "," + Categories + ", \"annotations\": " + annotations + "}", expected);

    [Fact]
    public void Duplicate_ids_are_refused()
    {
        const string entry = """{"id": 4, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1]}""";
        Assert.Equal([1, 2], Read("{" + Images + "," + Categories + $", \"annotations\": [{entry}, {entry}]}}").AnnotationIds);
        AssertRefused("{\"images\": [{\"id\": 1}, {\"id\": 1}], " + Categories + ", " + Annotation("[0, 0, 1, 1]") + "}",
            "images: the id 1 occurs twice");
    }

    [Theory]
    [InlineData("""{"categories": [{"id": 1, "name": 3}]}""", "categories[0]: name is not a text")]
    [InlineData("""{"categories": [{"id": 1, "name": "\ud800"}]}""", "categories[0]: name is not valid UTF-8")]
    [InlineData("""{"categories": [{"id": 1, "\ud800": "x"}]}""", "there is no section 'images'")]
    public void Damaged_text_is_refused(string text, string expected) => AssertRefused(text, expected);

    [Fact]
    public void Damage_anywhere_is_an_error_of_the_data_or_harmless()
    {
        byte[] good = System.Text.Encoding.UTF8.GetBytes("{" + Images + "," + Categories + ", " + Annotation("[0.5, 1e2, 1, 1]") + "}");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            byte[] bad = [.. good[..Math.Max(length, good.Length / 2)]];
            bad[at % bad.Length] = value;
            if (Record.Exception(() => CocoGroundTruth.Read(new MemoryStream(bad), "gt.json")) is { } error)
            {
                Assert.IsType<Retort.Core.RetortException>(error);
            }
        }, iter: 3_000);
    }

    [Fact]
    public void Arrays_of_different_lengths_are_refused() => Assert.Throws<ArgumentException>(
        () => new CocoGroundTruth([1], [new(1, "cat")], new CocoAnnotations { ImageIds = [1], CategoryIds = [1], Boxes = [0, 0, 1] }));

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("\"1\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("0", false)]
    [InlineData("null", false)]
    [InlineData("\"0\"", false)]
    public void Values_in_other_forms_mean_what_training_takes_them_for(string crowd, bool expected)
    {
        CocoGroundTruth truth = Read($$"""
            {"images": [{"id": "3"}], "categories": [{"id": 7.0, "name": "cat"}],
             "annotations": [{"image_id": 3.0, "category_id": "7", "bbox": [0, 0, 2, 5], "area": null, "iscrowd": {{crowd}}}]}
            """);
        Assert.Equal([1], truth.AnnotationIds);
        Assert.Equal([3], truth.ImageIds);
        Assert.Equal([10], truth.Areas);
        Assert.Equal([expected], truth.Crowd);
    }

    [Theory]
    [InlineData("\"iscrowd\": \"maybe\"", "iscrowd is \"maybe\", neither 0 nor 1")]
    [InlineData("\"area\": \"large\"", "area is \"large\", not a number")]
    public void What_has_no_clear_meaning_is_refused_with_its_value(string field, string message) => AssertRefused(
        "{" + Images + "," + Categories
            + $$""", "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1], {{field}}}]}""", message);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("no-such.json", Assert.Throws<UserFileException>(() => CocoGroundTruth.Read("no-such.json")).Message);

    private static string Annotation(string box) => $$"""
        "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": {{box}}}]
        """;

    private static CocoGroundTruth Read(string text) => CocoGroundTruth.Read(CocoSamples.Stream(text), "gt.json");

    private static void AssertRefused(string text, string expected)
    {
        string message = Assert.Throws<RetortException>(() => Read(text)).Message;
        Assert.StartsWith("gt.json: ", message);
        Assert.Contains(expected, message);
    }
}

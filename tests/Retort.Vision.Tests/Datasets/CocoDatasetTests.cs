using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Datasets;

public sealed class CocoDatasetTests : IDisposable
{
    private const string Categories = """[{"id":7,"name":"cat"},{"id":3,"name":"dog"},{"id":90,"name":"owl"}]""";
    private const string Images =
        """[{"id":1,"file_name":"a.jpg","width":100,"height":80},{"id":2,"file_name":"sub/b.jpg","width":50,"height":60}]""";

    private readonly TemporaryFolder _folder = new();

    public CocoDatasetTests()
    {
        _folder.Write("img/a.jpg", "");
        _folder.Write("img/sub/b.jpg", "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("\"1\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("null", false)]
    [InlineData("\"0\"", false)]
    public void Values_in_other_forms_are_taken_as_what_they_clearly_are(string crowd, bool expected)
    {
        CocoDataset data = Read($$"""[{"id":"1","image_id":"1","category_id":7.0,"bbox":[1,1,5,9],"area":null,"iscrowd":{{crowd}}}]""");
        Assert.Equal([new ObjectAnnotation(new Box(1, 1, 6, 10), 1, expected, 45)], data[0].Objects);
        Assert.Empty(data.Problems.Items);
    }

    [Theory]
    [InlineData("\"iscrowd\":\"maybe\"", "annotations[0] (id 5): `iscrowd` is \"maybe\", not 0 or 1")]
    [InlineData("\"area\":[1]", "annotations[0] (id 5): `area` is a list, not a number")]
    [InlineData("\"area\":true", "annotations[0] (id 5): `area` is true, not a number")]
    public void What_has_no_clear_meaning_is_refused_with_field_and_value(string field, string message) => Assert.Contains(
        message,
        Assert.Throws<DatasetException>(() => Read($$"""[{"id":5,"image_id":1,"category_id":7,"bbox":[1,1,5,9],{{field}}}]""")).Message);

    [Theory]
    [InlineData("[0.1,0.2,0.3,0.4]", true)]
    [InlineData("[0.1,0.2,3,4]", false)]
    public void Boxes_that_look_like_shares_of_the_image_are_warned_of(string box, bool expected)
    {
        CocoDataset data = Read($$"""[{"id":1,"image_id":1,"category_id":7,"bbox":{{box}}}]""");
        Assert.Equal(expected, data.Problems.Items.Any(p => p.Message.Contains("look like shares", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[[10,20,30,20,30,45.5]]", 10, 20, 30, 45.5)]
    [InlineData("[[10,20,30,20,30,45],[5,50,6,50,6,51]]", 5, 20, 30, 51)]
    [InlineData("{\"size\":[80,100],\"counts\":[85,10,70,3,7832]}", 1, 5, 3, 15)]
    [InlineData("{\"size\":[80,100],\"counts\":[75,10,7915]}", 0, 0, 2, 80)]
    [InlineData("{\"counts\":\"e2:V2Ibb7\",\"size\":[80,100]}", 1, 5, 3, 15)]
    public void Of_a_mask_without_box_the_enclosing_box_is_taken_with_a_note(string mask, float x1, float y1, float x2, float y2)
    {
        CocoDataset data = Read($$"""[{"id":1,"segmentation":{{mask}},"image_id":1,"category_id":7,"bbox":[]}]""");
        Assert.Equal(new Box(x1, y1, x2, y2), Assert.Single(data[0].Objects).Box);
        DatasetProblem note = Assert.Single(data.Problems.Items);
        Assert.Equal(ProblemSeverity.Note, note.Severity);
        Assert.StartsWith("1 of 1 annotations have no `bbox`", note.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[[1,\"x\"]]")]
    [InlineData("{\"size\":[80,100],\"counts\":\"~~\"}")]
    [InlineData("{\"size\":[80,100],\"counts\":[-5,10]}")]
    [InlineData("{\"size\":[0,100],\"counts\":[5,10]}")]
    public void A_mask_that_cannot_be_read_gives_no_box(string mask) =>
        Assert.Contains("four numbers", Assert.Throws<DatasetException>(
            () => Read($$"""[{"id":1,"segmentation":{{mask}},"image_id":1,"category_id":7}]""")).Message);

    [Theory]
    [InlineData("")]
    [InlineData(",\"width\":0,\"height\":0")]
    [InlineData(",\"width\":-1,\"height\":-1")]
    [InlineData(",\"width\":null,\"height\":20")]
    public void A_size_that_is_missing_is_read_from_the_image(string size)
    {
        using Image picture = Pictures.Scene(32, 24, 3);
        ImageEncoder.Write(_folder.File("img/sized.png"), picture);
        CocoDataset data = Read("""[{"id":1,"image_id":1,"category_id":7,"bbox":[1,1,5,9]}]""",
            images: $$"""[{"id":1,"file_name":"sized.png"{{size}}}]""");
        Assert.Equal((32, 24), (data[0].Width, data[0].Height));
        Assert.Empty(data.Problems.Items);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><annotations></annotations>", "this is XML")]
    [InlineData("file,xmin,ymin\na.jpg,1,2\n", "a table (CSV)")]
    [InlineData("PK\u0003\u0004 ", "a zip file")]
    [InlineData("{\u0000\"\u0000", "UTF-16")]
    public void Files_in_another_format_are_named(string text, string expected)
    {
        string message = Assert.Throws<DatasetException>(() => CocoDataset.Read(
            _folder.Write("gt.json", text), _folder.File("img"))).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain("cut off", message);
    }

    [Theory]
    [InlineData("[10,10,60,50]", "[40,40,99,79]", true)]
    [InlineData("[10,10,60,50]", "[40,40,30,20]", false)]
    public void Boxes_that_look_like_two_corners_are_warned_of(string one, string two, bool expected)
    {
        CocoDataset data =
            Read($$"""[{"id":1,"image_id":1,"category_id":7,"bbox":{{one}}},{"id":2,"image_id":1,"category_id":7,"bbox":{{two}}}]""");
        Assert.Equal(expected, data.Problems.Items.Any(p => p.Message.Contains("two corners", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Gr\u00F6\u00DFe.jpg", "Gro\u0308\u00DFe.jpg")]
    [InlineData("Gro\u0308\u00DFe.jpg", "Gr\u00F6\u00DFe.jpg")]
    [InlineData("\uD55C.jpg", "\u1112\u1161\u11AB.jpg")]
    [InlineData("A.JPG", "a.jpg")]
    [InlineData("sub\\\\b.jpg", "sub/b.jpg")]
    [InlineData("my%20pic.jpg", "my pic.jpg")]
    [InlineData("elsewhere/a.jpg", "a.jpg")]
    public void A_missing_file_is_explained_by_one_that_looks_the_same(string written, string there)
    {
        _folder.Write("img/" + there, "");
        string images = $$"""[{"id":1,"file_name":"{{written}}","width":100,"height":80}]""";
        Assert.Contains($"There is '{there}'", Assert.Throws<DatasetException>(
            () => Read("""[{"id":1,"image_id":1,"category_id":7,"bbox":[1,1,5,9]}]""", images: images)).Message);
    }

    [Fact]
    public void An_object_that_is_there_twice_counts_once_in_training_and_as_written_in_measuring()
    {
        const string Twice = """[{"id":1,"image_id":1,"category_id":7,"bbox":[1,1,5,9]},{"id":2,"image_id":1,"category_id":7,"bbox":[1,1,5,9]},{"id":3,"image_id":1,"category_id":3,"bbox":[1,1,5,9]}]""";
        CocoDataset data = Read(Twice);
        Assert.Equal(2, data[0].Objects.Count);
        Assert.Contains("1 of its 3 objects", Assert.Single(data.Problems.Items).Message);
        Assert.Equal(3, Read(Twice, new DatasetReadOptions { BoxesAsWritten = true })[0].Objects.Count);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_named_with_its_line()
    {
        string file = _folder.Write("gt.json", "");
        File.WriteAllBytes(file, [.. "{\"images\":\n[{\"id\":1,\"file_name\":\"a"u8, 0xE9, .. ".jpg\"}]}"u8]);
        string message = Assert.Throws<DatasetException>(() => CocoDataset.Read(file, Path.Combine(_folder.Path, "img"))).Message;
        Assert.Contains($"{file}, line 2: a text is not valid UTF-8", message);
    }

    [Fact]
    public void Ids_with_gaps_become_labels_by_ascending_id_and_everything_is_kept()
    {
        CocoDataset data = Read("""
            [{"id":1,"image_id":1,"category_id":90,"bbox":[1,2,10.5,20],"area":99.5,"iscrowd":1,"segmentation":{"counts":[1,2],"size":[80,100]}},
             {"id":2,"image_id":2,"category_id":3,"bbox":[0,0,5,6],"segmentation":[[1,2,3,4,5,6]]},
             {"id":3,"image_id":1,"category_id":7,"bbox":[3,4,5,6],"area":30,"iscrowd":0}]
            """);

        Assert.Equal(["dog", "cat", "owl"], data.ClassNames);
        Assert.Equal([3, 7, 90], data.CategoryIds);
        Assert.Equal(2, data.Count);
        Assert.Equal((1L, 100, 80), (data[0].Id, data[0].Width, data[0].Height));
        Assert.Equal(Path.Combine(_folder.Path, "img", "sub", "b.jpg"), data[1].Path);
        Assert.Equal([new ObjectAnnotation(new Box(1, 2, 11.5f, 22), 2, true, 99.5),
            new ObjectAnnotation(new Box(3, 4, 8, 10), 1, false, 30)], data[0].Objects);
        Assert.Equal([new ObjectAnnotation(new Box(0, 0, 5, 6), 0, false, 30)], data[1].Objects);
        Assert.Empty(data.Problems.Items);
    }

    [Fact]
    public void Chosen_classes_set_the_labels_and_other_objects_are_left_out()
    {
        CocoDataset data = Read("""[{"image_id":1,"category_id":90,"bbox":[1,2,3,4]},{"image_id":1,"category_id":7,"bbox":[1,2,3,4]},{"image_id":1,"category_id":3,"bbox":[1,2,3,4]}]""",
            new DatasetReadOptions { Classes = ["owl", "dog"] });
        Assert.Equal(["owl", "dog"], data.ClassNames);
        Assert.Equal([90, 3], data.CategoryIds);
        Assert.Equal([0, 1], data[0].Objects.Select(o => o.Label));
    }

    [Fact]
    public void An_unknown_class_names_the_nearest_and_lists_the_known()
    {
        DatasetException e = Assert.Throws<DatasetException>(() => Read(
            "[]", new DatasetReadOptions { Classes = ["Owls"], AllowNoAnnotations = true }));
        Assert.Contains("no class 'Owls'", e.Message);
        Assert.Contains("Nearest: 'owl'. Known: dog, cat, owl.", e.Message);
        Assert.Contains("gt.json", e.Message);
    }

    [Theory]
    [InlineData("[1,2,0,5]")]
    [InlineData("[1,2,5,0]")]
    [InlineData("[1,2,-3,5]")]
    public void An_empty_box_is_dropped_with_a_warning_or_an_error_where_strict(string box)
    {
        string annotations =
            $$"""[{"id":5,"image_id":1,"category_id":7,"bbox":{{box}}},{"id":6,"image_id":1,"category_id":7,"bbox":[1,1,2,2]}]""";
        CocoDataset data = Read(annotations);
        Assert.Single(data[0].Objects);
        Assert.Equal((1, 1, 0), (data.Problems.Count(ProblemKind.EmptyBox), data.Problems.Warnings, data.Problems.Errors));

        DatasetException e = Assert.Throws<DatasetException>(() => Read(annotations, new DatasetReadOptions { Strict = true }));
        Assert.Equal((ProblemKind.EmptyBox, "annotations[0] (id 5)"), (e.Problem.Kind, e.Problem.Place));
    }

    [Fact]
    public void Boxes_outside_the_image_are_clipped_or_dropped_and_rounding_is_left_alone()
    {
        CocoDataset data = Read("""
            [{"image_id":1,"category_id":7,"bbox":[90,70,30,30]},{"image_id":1,"category_id":7,"bbox":[200,10,5,5]},{"image_id":1,"category_id":7,"bbox":[90,70,10.25,10]}]
            """);
        Assert.Equal([new Box(90, 70, 100, 80), new Box(90, 70, 100.25f, 80)], data[0].Objects.Select(o => o.Box));
        Assert.Equal(2, data.Problems.Count(ProblemKind.BoxOutsideImage));
    }

    [Fact]
    public void Boxes_below_the_minimum_side_are_dropped()
    {
        CocoDataset data = Read("""[{"image_id":1,"category_id":7,"bbox":[1,1,0.5,9]},{"image_id":1,"category_id":7,"bbox":[1,1,1,9]}]""",
            new DatasetReadOptions { MinimumSide = 1 });
        Assert.Single(data[0].Objects);
    }

    [Theory]
    [InlineData("""[{"id":9,"image_id":1,"category_id":4,"bbox":[1,2,3,4]}]""", ProblemKind.UnknownClass, "category id 4 is not among")]
    [InlineData("""[{"id":9,"image_id":77,"category_id":7,"bbox":[1,2,3,4]}]""", ProblemKind.UnknownImage,
        "no usable image with the id 77")]
    [InlineData("""[{"id":9,"image_id":1,"category_id":7,"bbox":[1,2,3]}]""", ProblemKind.BrokenRecord, "four numbers")]
    [InlineData("""[{"id":9,"image_id":1,"category_id":7,"bbox":[1,2,"x",4]}]""", ProblemKind.BrokenRecord, "four numbers")]
    [InlineData("""[{"id":9,"image_id":1,"category_id":7,"bbox":[1,2,null,[4]]}]""", ProblemKind.BrokenRecord, "four numbers")]
    [InlineData("""[{"id":9,"image_id":"one","category_id":7,"bbox":[1,2,3,4]}]""", ProblemKind.BrokenRecord,
        "`image_id` is \"one\", not a whole number")]
    [InlineData("""[{"id":9,"image_id":1,"category_id":7,"bbox":[1,2,1e999,4]}]""", ProblemKind.BadNumber, "finite")]
    [InlineData("""[{"id":9,"image_id":1,"category_id":7,"bbox":[NaN,2,3,4]}]""", ProblemKind.BadNumber, "NaN")]
    [InlineData("[]", ProblemKind.NoAnnotations, "no annotation")]
    public void Broken_annotations_are_errors_with_place_and_remedy(string annotations, ProblemKind kind, string message)
    {
        DatasetException e = Assert.Throws<DatasetException>(() => Read(annotations));
        Assert.Equal(kind, e.Problem.Kind);
        Assert.Contains(message, e.Message);
        Assert.NotEmpty(e.Problem.Remedy);
        Assert.NotEmpty(e.Problem.Place);
    }

    [Theory]
    [InlineData("""[{"id":1,"file_name":"../gt.json","width":9,"height":9}]""", ProblemKind.PathEscape)]
    [InlineData("""[{"id":1,"file_name":"/etc/passwd","width":9,"height":9}]""", ProblemKind.PathEscape)]
    [InlineData("""[{"id":1,"file_name":"none.jpg","width":9,"height":9}]""", ProblemKind.MissingFile)]
    [InlineData("""[{"id":1,"file_name":"a.jpg","width":0,"height":9}]""", ProblemKind.BrokenRecord)]
    [InlineData("""[{"id":1,"file_name":"a.jpg","width":9,"height":9},{"id":1,"file_name":"sub/b.jpg","width":9,"height":9}]""",
        ProblemKind.Duplicate)]
    [InlineData("[]", ProblemKind.EmptySplit)]
    public void Broken_images_are_errors(string images, ProblemKind kind)
    {
        DatasetException e = Assert.Throws<DatasetException>(() => Read(
            """[{"image_id":1,"category_id":7,"bbox":[1,2,3,4]}]""", images: images));
        Assert.Equal(kind, e.Problem.Kind);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("[{}]", "results")]
    [InlineData("{\"images\":[]}", "categories")]
    [InlineData("{\"images\":[], \"annotations\":[{\"id\":1,", "cut off")]
    [InlineData("{\"images\":[}}", "not valid JSON")]
    public void Broken_files_say_what_is_wrong(string json, string message)
    {
        string file = _folder.Write("gt.json", json);
        DatasetException e = Assert.Throws<DatasetException>(() => CocoDataset.Read(file, Path.Combine(_folder.Path, "img")));
        Assert.Equal(ProblemKind.BrokenFile, e.Problem.Kind);
        Assert.Contains(message, e.Message);
        Assert.Contains("gt.json", e.Message);
    }

    [Fact]
    public void Every_cut_of_a_file_is_an_error_and_never_something_else()
    {
        string whole = Json("""[{"id":1,"image_id":1,"category_id":7,"bbox":[1,2,3,4],"segmentation":[[1,2,3,4]]}]""", Images);
        for (int length = 0; length < whole.TrimEnd().Length; length++)
        {
            string file = _folder.Write("gt.json", whole[..length]);
            Assert.Throws<DatasetException>(() => CocoDataset.Read(file, Path.Combine(_folder.Path, "img")));
        }
    }

    [Fact]
    public void Errors_can_be_collected_and_are_bounded()
    {
        string annotations = "[" + string.Join(",", Enumerable.Range(0, 200)
            .Select(i => $$"""{"id":{{i}},"image_id":1,"category_id":4,"bbox":[1,2,3,4]}""")) + "]";
        CocoDataset data = Read(annotations, new DatasetReadOptions { CollectErrors = true });
        Assert.Equal(200, data.Problems.Errors);
        Assert.Equal(DatasetProblems.KeptPerKind, data.Problems.Items.Count);
        Assert.Contains("... and 195 more errors", Assert.Throws<DatasetException>(() => Read(annotations)).Message);
    }

    [Fact]
    public void The_sample_of_coco_reads_with_the_counts_of_its_readme()
    {
        string root = Repository.SharedOrSkip("data/coco_val_mini");
        CocoDataset data = CocoDataset.Read(Path.Combine(root, "annotations/instances_val_mini.json"), Path.Combine(root, "images"));
        ObjectAnnotation[] objects = [.. Enumerable.Range(0, data.Count).SelectMany(i => data[i].Objects)];
        Assert.Equal((158, 80, 1424, 16), (data.Count, data.ClassNames.Count, objects.Length, objects.Count(o => o.IsCrowd)));
        Assert.Equal((610, 461, 353), (objects.Count(o => o.Area < 1024), objects.Count(o => o.Area is >= 1024 and < 9216),
            objects.Count(o => o.Area >= 9216)));
        Assert.Equal(("person", 90L), (data.ClassNames[0], data.CategoryIds[^1]));
        Assert.Equal(80, objects.Select(o => o.Label).Distinct().Count());
    }

    [Theory]
    [InlineData("train", "images/train", 1000, 4200, 2541, 1804, 53)]
    [InlineData("val", "images/val", 290, 1168, 719, 554, 12)]
    [InlineData("group_train", "images", 1038, 3958, 2773, 2030, 49)]
    [InlineData("group_val", "images", 252, 1410, 487, 328, 16)]
    public void The_thermal_data_set_reads_with_the_counts_of_its_readme(string split, string images, int count, params int[] perClass)
    {
        string root = Repository.SharedOrSkip("data/hituav");
        CocoDataset data = CocoDataset.Read(Path.Combine(root, $"annotations/instances_{split}.json"), Path.Combine(root, images));
        Assert.Equal(["Person", "Car", "Bicycle", "OtherVehicle"], data.ClassNames);
        Assert.Equal(count, data.Count);
        Assert.Equal(perClass, Enumerable.Range(0, 4).Select(label => Enumerable.Range(0, data.Count)
            .Sum(i => data[i].Objects.Count(o => o.Label == label))));
    }

    private CocoDataset Read(string annotations, DatasetReadOptions? options = null, string images = Images)
    {
        string file = _folder.Write("gt.json", Json(annotations, images));
        return CocoDataset.Read(file, Path.Combine(_folder.Path, "img"), options);
    }

    // Annotations stand first: the order of the lists is free.
    private static string Json(string annotations, string images) =>
        $$"""{"info":{"year":2020},"annotations":{{annotations}},"images":{{images}},"categories":{{Categories}},"licenses":[]}""";
}

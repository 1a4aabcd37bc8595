using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Vision.Tests.Datasets;

public sealed class VocDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_four_coordinates_lose_the_pixel_that_voc_counts_from()
    {
        Image("one", Object("cat", 1, 2, 50, 40) + Object("dog", 10.5, 11, 20, 21, difficult: 1));
        VocDataset data = Read("one");
        Assert.Equal(["cat", "dog"], data.ClassNames);
        Assert.Equal([1, 2], data.CategoryIds);
        Assert.Equal([new ObjectAnnotation(new Box(0, 1, 49, 39), 0, false, 49 * 38),
            new ObjectAnnotation(new Box(9.5f, 10, 19, 20), 1, false, 95, true)], data[0].Objects);
        Assert.Equal((100, 80), (data[0].Width, data[0].Height));
        Assert.EndsWith(Path.Combine("JPEGImages", "one.jpg"), data[0].Path);
    }

    [Theory]
    [InlineData("two")]
    [InlineData("film/two")]
    public void Labels_are_the_same_in_every_split(string other)
    {
        Image("one", Object("zebra", 1, 2, 50, 40));
        Image(other, Object("ant", 1, 2, 50, 40));
        Assert.Equal(["ant", "zebra"], Read("one").ClassNames);
        Assert.Equal(1, Read("one")[0].Objects[0].Label);
        Assert.Equal(0, Read("one", new DatasetReadOptions { Classes = ["zebra", "ant"] })[0].Objects[0].Label);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData(" Yes ", true)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public void Difficult_is_read_in_all_the_words_of_annotation_tools(string written, bool expected)
    {
        Image("one", Object("cat", 1, 2, 50, 40).Replace("<difficult>0<", $"<difficult>{written}<"));
        Assert.Equal(expected, Assert.Single(Read("one")[0].Objects).Difficult);
    }

    [Fact]
    public void A_mark_that_is_neither_yes_nor_no_is_refused()
    {
        Image("one", Object("cat", 1, 2, 50, 40).Replace("<difficult>0<", "<difficult>perhaps<"));
        Assert.Contains("<difficult> is 'perhaps', neither 0 nor 1", Assert.Throws<DatasetException>(() => Read("one")).Message);
    }

    [Theory]
    [InlineData("Cap", "cap", true)]
    [InlineData("bottle cap", "bottle_cap", true)]
    [InlineData("café", "cafe", true)]
    [InlineData("cap", "cup", false)]
    public void Classes_that_differ_by_case_blanks_or_accents_are_warned_of(string one, string two, bool expected)
    {
        Image("one", Object(one, 1, 2, 50, 40));
        Image("two", Object(two, 1, 2, 50, 40));
        VocDataset data = Read("one");
        Assert.Equal(expected ? 1 : 0, data.Problems.Warnings);
        Assert.All(data.Problems.Items,
            p => Assert.True(p.Message.Contains($"'{one}'", StringComparison.Ordinal)
            && p.Message.Contains($"'{two}'", StringComparison.Ordinal)));
        Assert.Equal(2, data.ClassNames.Count);
    }

    [Theory]
    [InlineData("<size><width>0</width><height>0</height></size>")]
    [InlineData("<size><width>-1</width><height>80</height></size>")]
    [InlineData("")]
    public void A_size_that_is_missing_is_read_from_the_image(string size)
    {
        _folder.Write("Annotations/one.xml", $"<annotation>{size}{Object("cat", 1, 2, 5, 6)}</annotation>");
        _folder.Write("ImageSets/Main/one.txt", "one\n");
        WritePicture("JPEGImages/one.png");
        Assert.Equal((32, 24), (Read("one")[0].Width, Read("one")[0].Height));
    }

    [Theory]
    [InlineData("gbk", "\u74F6")]
    [InlineData("windows-1252", "caf\u00E9")]
    [InlineData("Shift_JIS", "\u30AB")]
    public void Declared_code_pages_are_read(string encoding, string name)
    {
        Image("one", Object("cat", 1, 2, 50, 40));
        string text = $"<?xml version=\"1.0\" encoding=\"{encoding}\"?>" + File.ReadAllText(_folder.File("Annotations/one.xml"))
            .Replace("cat", name);
        File.WriteAllBytes(_folder.File("Annotations/one.xml"), System.Text.CodePagesEncodingProvider.Instance.GetEncoding(
            encoding)!.GetBytes(text));
        Assert.Equal([name], Read("one").ClassNames);
        Assert.Throws<ArgumentException>(() => System.Text.Encoding.GetEncoding("gbk"));
    }

    [Theory]
    [InlineData("x-nobodys")]
    [InlineData("utf-8")]
    public void Text_in_an_encoding_that_is_not_known_is_to_be_saved_as_utf8(string encoding)
    {
        Image("one", "");
        byte[] text = [.. System.Text.Encoding.ASCII.GetBytes($"<?xml version=\"1.0\" encoding=\"{encoding}\"?><annotation><folder>"), 0xC6,
            0xBF, 0xFF, .. "</folder></annotation>"u8];
        File.WriteAllBytes(_folder.File("Annotations/one.xml"), text);
        Assert.Contains("Save the file as UTF-8", Assert.Throws<DatasetException>(() => Read("one")).Message);
    }

    [Fact]
    public void A_folder_without_lists_is_to_be_divided()
    {
        Image("one", Object("cat", 1, 2, 50, 40));
        Directory.Delete(_folder.File("ImageSets"), recursive: true);
        Assert.Contains("retort dataset divide", Assert.Throws<DatasetException>(() => Read("train")).Message);
    }

    [Theory]
    [InlineData("JPEGImages")]
    [InlineData("Annotations")]
    [InlineData("")]
    public void Images_and_annotations_may_share_a_folder(string folder)
    {
        _folder.Write(Path.Combine(folder, "one.xml"), $"<annotation>{Object("cat", 1, 2, 5, 6)}</annotation>");
        _folder.Write("ImageSets/Main/part.txt", "one\n");
        WritePicture(Path.Combine(folder, "one.png"));
        Assert.Equal(["cat"], Read("part").ClassNames);
        Assert.Single(Read("part")[0].Objects);
    }

    [Fact]
    public void A_split_may_be_a_folder_of_images_and_annotations()
    {
        _folder.Write("train/one.xml", $"<annotation>{Object("cat", 1, 2, 5, 6)}</annotation>");
        _folder.Write("valid/two.xml", $"<annotation>{Object("ant", 1, 2, 5, 6)}</annotation>");
        WritePicture("train/one.png");
        WritePicture("valid/two.png");
        Assert.Equal(["ant", "cat"], Read("train").ClassNames);
        Assert.Equal(1, Assert.Single(Read("train")[0].Objects).Label);
        Assert.EndsWith("two.png", Read("valid")[0].Path);
    }

    [Theory]
    [InlineData("<name>cat</name><robndbox><cx>1</cx></robndbox>", "no <bndbox>; it has <robndbox>. This is a rotated box")]
    [InlineData("<name>cat</name><polygon><x1>1</x1></polygon>", "no <bndbox>; it has <polygon>. Add the upright box")]
    [InlineData("<bndbox><xmin>1</xmin></bndbox>", "the object has no <name>. Add it")]
    public void What_stands_in_place_of_a_box_is_named(string item, string expected)
    {
        Image("one", $"<object>{item}</object>");
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => Read("one")).Message);
    }

    [Fact]
    public void Parts_of_an_object_are_not_objects()
    {
        Image("one", "<object><name>person</name><part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></part><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object>");
        Assert.Equal(new Box(1, 2, 8, 8), Assert.Single(Read("one")[0].Objects).Box);
    }

    [Fact]
    public void A_class_that_is_not_asked_for_is_left_out_with_a_warning_and_a_misspelt_one_is_an_error()
    {
        Image("one", Object("cat", 1, 2, 50, 40) + Object("dog", 1, 2, 50, 40));
        VocDataset data = Read("one", new DatasetReadOptions { Classes = ["dog"] });
        Assert.Equal(0, Assert.Single(data[0].Objects).Label);
        Assert.Equal(1, data.Problems.Count(ProblemKind.UnknownClass));

        DatasetException e = Assert.Throws<DatasetException>(() => Read("one", new DatasetReadOptions { Classes = ["dig"] }));
        Assert.Contains("Nearest: 'dog'. Known: cat, dog.", e.Message);
    }

    [Theory]
    [InlineData("<annotation><size><width>9</width>", ProblemKind.BrokenFile, "cut off")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><annotation>&x;</annotation>", ProblemKind.BrokenFile, "DTD")]
    [InlineData("<other/>", ProblemKind.BrokenFile, "<other>")]
    [InlineData("<annotation><object><name>a</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>", ProblemKind.BrokenRecord, "<size>")]
    [InlineData("<annotation><size><width>9</width><height>9</height></size><object><name>a</name></object></annotation>",
        ProblemKind.BrokenRecord, "<bndbox>")]
    [InlineData("<annotation><size><width>9</width><height>9</height></size><object><name>a</name><bndbox><xmin>NaN</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>", ProblemKind.BadNumber, "finite")]
    [InlineData("<annotation><size><width>9</width><height>9</height></size></annotation>", ProblemKind.NoAnnotations,
        "no image of the split has an object")]
    public void Broken_files_are_errors(string xml, ProblemKind kind, string message)
    {
        Image("one", "");
        _folder.Write("Annotations/one.xml", xml);
        DatasetException e = Assert.Throws<DatasetException>(() => Read("one"));
        Assert.Equal(kind, e.Problem.Kind);
        Assert.Contains(message, e.Message);
        Assert.Contains("one", e.Problem.File);
    }

    [Theory]
    [InlineData("", ProblemKind.EmptySplit)]
    [InlineData("../../one", ProblemKind.PathEscape)]
    [InlineData("two", ProblemKind.MissingFile)]
    public void Broken_splits_are_errors(string names, ProblemKind kind)
    {
        Image("one", Object("cat", 1, 1, 9, 9));
        _folder.Write("ImageSets/Main/one.txt", names);
        Assert.Equal(kind, Assert.Throws<DatasetException>(() => Read("one")).Problem.Kind);
    }

    [Fact]
    public void A_missing_split_names_the_nearest()
    {
        Image("one", Object("cat", 1, 1, 9, 9));
        Assert.Contains("Nearest: 'one'", Assert.Throws<DatasetException>(() => Read("ones")).Message);
        Assert.Contains("JPEGImages", Assert.Throws<DatasetException>(
            () => VocDataset.Read(Path.Combine(_folder.Path, "nowhere"), "one")).Message);
    }

    [Fact]
    public void A_missing_image_is_an_error_and_a_name_given_twice_a_warning()
    {
        Image("one", Object("cat", 1, 1, 9, 9));
        _folder.Write("ImageSets/Main/one.txt", "one 1\n\none -1\n");
        VocDataset data = Read("one");
        Assert.Equal((1, 1), (data.Count, data.Problems.Count(ProblemKind.Duplicate)));

        File.Delete(Path.Combine(_folder.Path, "JPEGImages/one.jpg"));
        Assert.Equal(ProblemKind.MissingFile, Assert.Throws<DatasetException>(() => Read("one")).Problem.Kind);
        Assert.Equal(1, Read("one", new DatasetReadOptions { CheckImageFiles = false }).Count);
    }

    [Theory]
    [InlineData("train", 205)]
    [InlineData("val", 87)]
    [InlineData("trainval", 292)]
    [InlineData("test", 72)]
    public void The_blood_cells_read_with_the_counts_of_their_readme(string split, int images)
    {
        VocDataset data = VocDataset.Read(Repository.SharedOrSkip("data/bccd"), split);
        Assert.Equal(images, data.Count);
        Assert.Equal(["Platelets", "RBC", "WBC"], data.ClassNames);
        Assert.Equal(0, data.Problems.Errors);
    }

    [Fact]
    public void The_blood_cells_have_4888_objects_of_which_two_have_no_size()
    {
        string root = Repository.SharedOrSkip("data/bccd");
        VocDataset[] parts = [.. new[] { "train", "val", "test" }.Select(split => VocDataset.Read(root, split))];
        ConcatDataset all = new(parts);
        int[] perClass = [.. Enumerable.Range(0, 3).Select(label => Enumerable.Range(0, all.Count)
            .Sum(i => all[i].Objects.Count(o => o.Label == label)))];
        int empty = parts.Sum(p => p.Problems.Count(ProblemKind.EmptyBox));
        Assert.Equal((364, 2, 4888), (all.Count, empty, perClass.Sum() + empty));
        Assert.Equal((361, 372), (perClass[0], perClass[2]));
        Assert.Throws<DatasetException>(
            () => new ConcatDataset([.. new[] { "train", "val", "test" }.Select(
            s => VocDataset.Read(root, s, new DatasetReadOptions { Strict = true }))]));
    }

    private VocDataset Read(string split, DatasetReadOptions? options = null) => VocDataset.Read(_folder.Path, split, options);

    private void WritePicture(string name)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Retort.Vision.Imaging.Image picture = Pictures.Scene(32, 24, 3);
        Retort.Vision.Imaging.ImageEncoder.Write(path, picture);
    }

    // An image of its own split.
    private void Image(string name, string objects)
    {
        _folder.Write($"JPEGImages/{name}.jpg", "");
        _folder.Write($"ImageSets/Main/{name}.txt", name + "\n");
        _folder.Write($"Annotations/{name}.xml",
            $"<annotation><size><width>100</width><height>80</height><depth>3</depth></size>{objects}</annotation>");
    }

    private static string Object(string name, double x1, double y1, double x2, double y2, int difficult = 0) => FormattableString.Invariant(
        $"<object><name>{name}</name><difficult>{difficult}</difficult><bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object>");
}

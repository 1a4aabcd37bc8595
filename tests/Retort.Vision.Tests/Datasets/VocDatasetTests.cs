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
        Assert.Equal([new ObjectAnnotation(new Box(0, 1, 49, 39), 0, false, 49 * 38), new ObjectAnnotation(new Box(9.5f, 10, 19, 20), 1, false, 95, true)], data[0].Objects);
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
        Assert.All(data.Problems.Items, p => Assert.True(p.Message.Contains($"'{one}'", StringComparison.Ordinal) && p.Message.Contains($"'{two}'", StringComparison.Ordinal)));
        Assert.Equal(2, data.ClassNames.Count);
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
    [InlineData("<annotation><size><width>9</width><height>9</height></size><object><name>a</name></object></annotation>", ProblemKind.BrokenRecord, "<bndbox>")]
    [InlineData("<annotation><size><width>9</width><height>9</height></size><object><name>a</name><bndbox><xmin>NaN</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>", ProblemKind.BadNumber, "finite")]
    [InlineData("<annotation><size><width>9</width><height>9</height></size></annotation>", ProblemKind.NoAnnotations, "no image of the split has an object")]
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
        Assert.Contains("JPEGImages", Assert.Throws<DatasetException>(() => VocDataset.Read(Path.Combine(_folder.Path, "nowhere"), "one")).Message);
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
        int[] perClass = [.. Enumerable.Range(0, 3).Select(label => Enumerable.Range(0, all.Count).Sum(i => all[i].Objects.Count(o => o.Label == label)))];
        int empty = parts.Sum(p => p.Problems.Count(ProblemKind.EmptyBox));
        Assert.Equal((364, 2, 4888), (all.Count, empty, perClass.Sum() + empty));
        Assert.Equal((361, 372), (perClass[0], perClass[2]));
        Assert.Throws<DatasetException>(() => new ConcatDataset([.. new[] { "train", "val", "test" }.Select(s => VocDataset.Read(root, s, new DatasetReadOptions { Strict = true }))]));
    }

    private VocDataset Read(string split, DatasetReadOptions? options = null) => VocDataset.Read(_folder.Path, split, options);

    // An image of its own split.
    private void Image(string name, string objects)
    {
        _folder.Write($"JPEGImages/{name}.jpg", "");
        _folder.Write($"ImageSets/Main/{name}.txt", name + "\n");
        _folder.Write($"Annotations/{name}.xml", $"<annotation><size><width>100</width><height>80</height><depth>3</depth></size>{objects}</annotation>");
    }

    private static string Object(string name, double x1, double y1, double x2, double y2, int difficult = 0) => FormattableString.Invariant(
        $"<object><name>{name}</name><difficult>{difficult}</difficult><bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object>");
}

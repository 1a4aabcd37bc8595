using Retort.Evaluation.Dota;

namespace Retort.Evaluation.Tests.Dota;

public sealed class Task1FilesTests : IDisposable
{
    private const string Line = "P1 0.5 1 2 11 2 11 8 1 8\n";

    private readonly TemporaryResults _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Task1Results Sample => new(["P1", "P2"], new DotaDetections
    {
        Images = [1, 0],
        Classes = [1, 0],
        Polygons = [1, 2, 11.25, 2, 11.25, 8, 1, 8, -3.5, 0, 4, 0, 4, 4, -3.5, 4],
        Scores = [0.1234567890123, 1],
    });

    [Theory]
    [InlineData("folder")]
    [InlineData("task1.zip")]
    public void Written_files_are_read_back(string name)
    {
        string[] classes = ["plane", "ship", "harbor"];
        string path = _folder.File(name);
        Task1Writer.Write(path, Sample, classes);
        Assert.Equal(["harbor", "plane", "ship"], Task1Reader.ClassesIn(path));
        Task1Results back = Task1Reader.Read(path, classes, Sample.ImageNames);
        Assert.Equal([0, 1], back.Detections.Images);
        Assert.Equal([0, 1], back.Detections.Classes);
        Assert.Equal([1, 0.1234567890123], back.Detections.Scores);
        Assert.Equal([-3.5, 0, 4, 0, 4, 4, -3.5, 4, 1, 2, 11.25, 2, 11.25, 8, 1, 8], back.Detections.Polygons);
    }

    [Fact]
    public void Equal_detections_give_equal_zip_files()
    {
        Task1Writer.Write(_folder.File("a.zip"), Sample, ["plane", "ship"]);
        Task1Writer.Write(_folder.File("b.zip"), Sample, ["plane", "ship"]);
        Assert.Equal(File.ReadAllBytes(_folder.File("a.zip")), File.ReadAllBytes(_folder.File("b.zip")));
    }

    [Theory]
    [InlineData("P1 0.5 1 2 11 2 11 8", "line 2: it has 8 fields; write 'image score x1")]
    [InlineData("P1 0.5 1 2 11 2 11 8 1 8 9", "line 2: it has more than 10 fields")]
    [InlineData("P1 high 1 2 11 2 11 8 1 8", "line 2: 'high' is not a finite number")]
    [InlineData("P1 0.5 NaN 2 11 2 11 8 1 8", "line 2: 'NaN' is not a finite number")]
    [InlineData("P1 0.5 1e999 2 11 2 11 8 1 8", "line 2: '1e999' is not a finite number")]
    [InlineData("P9 0.5 1 2 11 2 11 8 1 8", "line 2: the image 'P9' is not among the 1 of the annotations")]
    public void A_broken_line_is_an_error_with_its_place(string line, string message)
    {
        _folder.Write("Task1_ship.txt", Line + line + "\n");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Task1Reader.Read(_folder.Path, ["ship"], ["P1"]));
        Assert.Contains("Task1_ship.txt: " + message, error.Message);
    }

    [Fact]
    public void Files_of_unknown_classes_and_missing_files_are_errors()
    {
        Assert.Contains("there is no file Task1_CLASS.txt", Assert.Throws<InvalidDataException>(() => Task1Reader.Read(_folder.Path, ["ship"])).Message);
        _folder.Write("Task1_shipp.txt", Line);
        Assert.Contains("there is no class 'shipp'; the classes are ship, plane", Assert.Throws<InvalidDataException>(() => Task1Reader.Read(_folder.Path, ["ship", "plane"])).Message);
        Assert.Throws<FileNotFoundException>(() => Task1Reader.Read(_folder.File("none.zip"), ["ship"]));
        _folder.Write("broken.zip", "this is no zip file at all");
        Assert.Contains("neither a folder nor a zip file", Assert.Throws<InvalidDataException>(() => Task1Reader.Read(_folder.File("broken.zip"), ["ship"])).Message);
    }

    [Theory]
    [InlineData("P0001__1024__824___476", "P0001", 824, 476)]
    [InlineData("a__b__512__0___12", "a__b", 0, 12)]
    public void Names_of_windows_are_taken_apart(string name, string image, int x, int y) => Assert.Equal(new WindowName(image, x, y), WindowName.Parse(name));

    [Theory]
    [InlineData("P0001")]
    [InlineData("P0001__1024__824__476")]
    [InlineData("P0001__1024__-8___476")]
    [InlineData("P0001__1024__99999999999___476")]
    public void Other_names_are_not_names_of_windows(string name) => Assert.Null(WindowName.Parse(name));

    [Fact]
    public void Detections_of_one_object_in_two_windows_become_one()
    {
        double[] box = [10, 10, 30, 10, 30, 20, 10, 20];
        var windows = new Task1Results(["P1__64__0___0", "P1__64__8___0"], new DotaDetections
        {
            Images = [0, 1, 1],
            Classes = [0, 0, 1],
            Polygons = [.. box, .. box.Select((v, k) => k % 2 == 0 ? v - 8 : v), .. box],
            Scores = [0.6, 0.7, 0.2],
        });
        Task1Results merged = windows.Merge();
        Assert.Equal([0.7, 0.2], merged.Detections.Scores);
        Assert.Equal(box, merged.Detections.Polygons[..8]);
        Assert.Equal(3, windows.Merge(threshold: 1).Detections.Count);
        Assert.Contains("which the annotations do not have", Assert.Throws<InvalidDataException>(() => windows.Merge(imageNames: ["P2"])).Message);
        Assert.Contains("'P1' is not the name of a window", Assert.Throws<InvalidDataException>(() => merged.Merge()).Message);
    }
}

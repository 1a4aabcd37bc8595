using System.Buffers.Binary;
using System.IO.Compression;
using Retort.Core;
using Retort.Core.Files;
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
        RetortException error = Assert.Throws<RetortException>(() => Task1Reader.Read(_folder.Path, ["ship"], ["P1"]));
        Assert.Contains("Task1_ship.txt: " + message, error.Message);
    }

    [Fact]
    public void Files_of_unknown_classes_and_missing_files_are_errors()
    {
        Assert.Contains("there is no file Task1_CLASS.txt", Assert.Throws<RetortException>(
            () => Task1Reader.Read(_folder.Path, ["ship"])).Message);
        _folder.Write("Task1_shipp.txt", Line);
        Assert.Contains("there is no class 'shipp'; the classes are ship, plane",
            Assert.Throws<RetortException>(() => Task1Reader.Read(_folder.Path, ["ship", "plane"])).Message);
        Assert.Throws<UserFileException>(() => Task1Reader.Read(_folder.File("none.zip"), ["ship"]));
        _folder.Write("broken.zip", "this is no zip file at all");
        Assert.Contains("neither a folder nor a zip file", Assert.Throws<RetortException>(
            () => Task1Reader.Read(_folder.File("broken.zip"), ["ship"])).Message);
    }

    [Theory]
    [InlineData("P0001__1024__824___476", "P0001", 824, 476)]
    [InlineData("a__b__512__0___12", "a__b", 0, 12)]
    [InlineData("P0004__1__0___24", "P0004", 0, 24)]
    [InlineData("P0004__0.5__412___24", "P0004", 412, 24, 0.5)]
    [InlineData("P0004__1.5__412___24", "P0004", 412, 24, 1.5)]
    public void Names_of_windows_are_taken_apart(string name, string image, int x, int y, double rate = 1) =>
        Assert.Equal(new WindowName(image, x, y, rate), WindowName.Parse(name));

    [Theory]
    [InlineData("P0001")]
    [InlineData("P0001__1024__824__476")]
    [InlineData("P0001__1024__-8___476")]
    [InlineData("P0001__1024__99999999999___476")]
    [InlineData("P0001__0__8___476")]
    [InlineData("P0001__0.0__8___476")]
    [InlineData("P0001__1024__8___476\n")]
    public void Other_names_are_not_names_of_windows(string name) => Assert.Null(WindowName.Parse(name));

    [Theory]
    [InlineData("../../ship", "P1", "the class '../../ship' cannot be a part of the name of a file")]
    [InlineData("a\\ship", "P1", "cannot be a part of the name of a file")]
    [InlineData("", "P1", "the class '' cannot be a part of the name of a file")]
    [InlineData("large ship", "P 1", "the image 'P 1' has blanks in its name")]
    public void Names_that_such_files_cannot_hold_are_refused_before_anything_is_written(string className, string imageName, string message)
    {
        Task1Results one = Sample with { ImageNames = [imageName, "P2"] };
        foreach (string path in new[] { _folder.File("in/out"), _folder.File("out.zip") })
        {
            Assert.Contains(message, Assert.Throws<RetortException>(() => Task1Writer.Write(path, one, ["plane", className])).Message);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Result_files_that_are_there_are_replaced_only_where_that_is_wanted_and_then_all_of_them()
    {
        _folder.Write("Task1_harbor.txt", Line);
        _folder.Write("notes.txt", "kept");
        Assert.Contains("Task1_harbor.txt: the folder has result files already",
            Assert.Throws<RetortException>(() => Task1Writer.Write(_folder.Path, Sample, ["plane", "ship"])).Message);
        Task1Writer.Write(_folder.Path, Sample, ["plane", "ship"], replace: true);
        Assert.Equal(["Task1_plane.txt", "Task1_ship.txt", "notes.txt"], Directory.EnumerateFileSystemEntries(_folder.Path)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Where_writing_fails_the_files_that_are_there_stay()
    {
        _folder.Write("Task1_plane.txt", Line);
        string tooLong = new('x', 300);
        Assert.ThrowsAny<RetortException>(() => Task1Writer.Write(_folder.Path, Sample, ["plane", tooLong], replace: true));
        Assert.Equal(Line, File.ReadAllText(Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path))));
    }

    [Fact]
    public void A_zip_file_with_two_files_of_a_class_or_with_too_much_in_it_is_refused()
    {
        string zip = WriteZip("a/Task1_ship.txt", "b/Task1_ship.txt");
        Assert.Contains("there are two files of this name", Assert.Throws<RetortException>(() => Task1Reader.Read(zip, ["ship"])).Message);

        // What the directory at the end says that two files have: each a little more than half of what is allowed.
        byte[] bytes = File.ReadAllBytes(WriteZip("Task1_ship.txt", "Task1_plane.txt"));
        for (int at = 0; bytes.AsSpan(at).IndexOf("PK\x1\x2"u8) is >= 0 and int entry; at += entry + 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + entry + 24), 0x2000_0001);
        }

        File.WriteAllBytes(zip, bytes);
        Assert.Contains("the files in it have 1073741826 bytes", Assert.Throws<RetortException>(() => Task1Reader.ClassesIn(zip)).Message);
    }

    private string WriteZip(params string[] files)
    {
        string path = _folder.File("some.zip");
        using ZipArchive zip = new(File.Create(path), ZipArchiveMode.Create);
        foreach (string file in files)
        {
            using Stream content = zip.CreateEntry(file).Open();
            content.Write("P1 0.5 1 2 11 2 11 8 1 8\n"u8);
        }

        return path;
    }

    [Fact]
    public void Windows_of_a_resized_image_are_brought_to_its_own_size()
    {
        double[] box = [10, 10, 30, 10, 30, 20, 10, 20];
        var windows = new Task1Results(["P1__0.5__100___40"], new DotaDetections
        {
            Images = [0],
            Classes = [0],
            Polygons = box,
            Scores = [0.5]
        });
        Assert.Equal([220, 100, 260, 100, 260, 120, 220, 120], windows.Merge().Detections.Polygons);
    }

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
        Assert.Contains("which the annotations do not have", Assert.Throws<RetortException>(
            () => windows.Merge(imageNames: ["P2"])).Message);
        Assert.Contains("'P1' is not the name of a window", Assert.Throws<RetortException>(() => merged.Merge()).Message);
    }
}

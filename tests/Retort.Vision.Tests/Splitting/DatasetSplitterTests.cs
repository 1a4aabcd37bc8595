using Retort.Core.Options;
using System.Buffers.Binary;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;
using Retort.Vision.Splitting;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Splitting;

public sealed class DatasetSplitterTests : IDisposable
{
    private static readonly SplitOptions Small = new() { Sizes = [64], Gaps = [16], ImageShare = 0.3 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Images => _folder.File("images");

    private string Labels => _folder.File("labelTxt");

    private void Add(string name, int width, int height, string labels = "10 10 40 10 40 30 10 30 ship 0\n")
    {
        Directory.CreateDirectory(Images);
        using Image image = Pictures.Scene(width, height, width + height);
        ImageEncoder.Write(Path.Combine(Images, name), image);
        _folder.Write($"labelTxt/{Path.GetFileNameWithoutExtension(name)}.txt", labels);
    }

    private SplitSummary Split(SplitOptions? options = null, string output = "out", DatasetProblems? problems = null) =>
        DatasetSplitter.Run(Images, Labels, _folder.File(output), options ?? Small, problems);

    private Dictionary<string, byte[]> Files(string output = "out") =>
        Directory.EnumerateFiles(_folder.File(output), "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(_folder.File(output), f), File.ReadAllBytes);

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.jpg")]
    public void Windows_have_the_image_s_pixels_and_the_mean_colour_beyond_it(string name)
    {
        Add(name, 150, 90);
        Split();
        using Image whole = ImageDecoder.Decode(Path.Combine(Images, name));
        IReadOnlyList<SplitWindow> windows = SlidingWindows.Over(150, 90, Small);
        Assert.Equal(windows.Count, Directory.EnumerateFiles(_folder.File("out/images")).Count());
        foreach (SplitWindow window in windows)
        {
            using Image part = ImageDecoder.Decode(_folder.File($"out/images/{window.NameOf("a")}.png"));
            Assert.Equal((64, 64), (part.Width, part.Height));
            for (int y = 0; y < 64; y++)
            {
                for (int x = 0; x < 64; x++)
                {
                    bool inside = window.X + x < 150 && window.Y + y < 90;
                    byte[] expected = inside ? whole.Row(window.Y + y).Slice((window.X + x) * 3, 3).ToArray() : [104, 116, 124];
                    Assert.Equal(expected, part.Row(y).Slice(x * 3, 3).ToArray());
                }
            }
        }
    }

    [Fact]
    public void An_image_narrower_than_a_window_is_padded()
    {
        Add("a.png", 70, 40);
        Assert.Equal(2, Split().Windows);
        using Image part = ImageDecoder.Decode(_folder.File("out/images/a__64__6___0.png"));
        Assert.Equal([104, 116, 124], part.Row(50)[..3].ToArray());
    }

    [Fact]
    public void A_split_that_was_stopped_goes_on_and_gives_the_same_files()
    {
        foreach (int i in Enumerable.Range(0, 6))
        {
            Add($"image{i}.png", 150 + i, 130);
        }

        Split(output: "whole");
        using var stop = new CancellationTokenSource();
        var images = new StopAfter(2, stop);
        Assert.ThrowsAny<OperationCanceledException>(
            () => DatasetSplitter.Run(Images, Labels, _folder.File("out"), Small with { Threads = 1 }, null, images, stop.Token));
        string unfinished = _folder.Write("out/images/image5__64__0___0.png.1.1.tmp", "half a window");
        string first = Directory.EnumerateFiles(_folder.File("out/images"), "*.png").Order(StringComparer.Ordinal).First();
        DateTime before = File.GetLastWriteTimeUtc(first);
        SplitSummary rest = Split();
        Assert.True(rest.Written > 0 && rest.Written < rest.Windows, $"{rest}");
        Assert.False(File.Exists(unfinished));
        Assert.Equal(before, File.GetLastWriteTimeUtc(first));
        Assert.Equal(Files("whole"), Files());
        Assert.Equal(0, Split().Written);
    }

    [Fact]
    public void Corrected_labels_reach_the_windows_that_are_there()
    {
        Add("a.png", 150, 64);
        Split();
        _folder.Write("labelTxt/a.txt", "100 10 140 10 140 30 100 30 plane 0\n");
        DateTime cut = File.GetLastWriteTimeUtc(_folder.File("out/images/a__64__0___0.png"));
        Assert.Equal(0, Split().Written);
        Assert.Equal(cut, File.GetLastWriteTimeUtc(_folder.File("out/images/a__64__0___0.png")));
        Assert.Equal("", File.ReadAllText(_folder.File("out/labelTxt/a__64__0___0.txt")));
        Split(output: "fresh");
        Assert.Equal(Files("fresh"), Files());
    }

    // Another size gives other windows; another picture of the same size and an older one are found by their time.
    [Theory]
    [InlineData(110, 64)]
    [InlineData(150, 64)]
    public void A_picture_that_was_replaced_is_cut_again_and_its_neighbour_is_not(int width, int height)
    {
        Add("a.png", 150, 64);
        Add("a__64.png", 100, 64);
        Split();
        Add("a.png", width, height);
        using (var other = new Image(width, height))
        {
            ImageEncoder.Write(Path.Combine(Images, "a.png"), other);
        }

        File.SetLastWriteTimeUtc(Path.Combine(Images, "a.png"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        SplitSummary again = Split();
        Assert.Equal(SlidingWindows.Over(width, height, Small).Count, again.Written);
        Split(output: "fresh");
        Assert.Equal(Files("fresh"), Files());
    }

    [Fact]
    public void A_window_that_lost_its_objects_goes_where_empty_ones_are_not_wanted()
    {
        Add("a.png", 400, 64);
        Split(Small with { SkipEmpty = true });
        _folder.Write("labelTxt/a.txt", "350 10 390 10 390 30 350 30 ship 0\n");
        Split(Small with { SkipEmpty = true });
        Split(Small with { SkipEmpty = true }, "fresh");
        Assert.Equal(Files("fresh"), Files());
    }

    [Fact]
    public void Files_of_others_in_the_output_folder_stay()
    {
        Add("a.png", 64, 64);
        string[] notes = [_folder.Write("out/notes.tmp", "mine"), _folder.Write("out/images/notes.tmp", "mine")];
        Split();
        Assert.All(notes, note => Assert.True(File.Exists(note)));
    }

    [Fact]
    public void Windows_are_not_put_among_the_images_or_labels_that_are_split()
    {
        Add("a.png", 100, 64);
        Assert.Contains("the windows would lie among the files that are split",
            Assert.Throws<DatasetException>(() => Split(output: "")).Message);
        Assert.Equal(2, Directory.EnumerateFiles(_folder.File(""), "*", SearchOption.AllDirectories).Count());
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    public void A_header_that_claims_more_than_the_file_can_hold_is_refused(int width, int height)
    {
        Add("a.png", 64, 64);
        string path = Path.Combine(Images, "a.png");
        byte[] bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        File.WriteAllBytes(path, bytes);
        Assert.Contains($"cannot hold the {width}x{height} pixels that the header claims",
            Assert.Throws<ImageFormatException>(() => Split()).Message);
    }

    [Fact]
    public void A_window_without_its_label_file_is_made_again()
    {
        Add("a.png", 64, 64);
        Split();
        Dictionary<string, byte[]> before = Files();
        File.Delete(_folder.File("out/labelTxt/a__64__0___0.txt"));
        Assert.Equal(1, Split().Written);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void Windows_of_other_settings_are_not_mixed()
    {
        Add("a.png", 64, 64);
        Split();
        DatasetException error = Assert.Throws<DatasetException>(() => Split(Small with { Gaps = [8] }));
        Assert.Contains("the folder holds windows of another split (now 'gaps: 8')", error.Message);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        Add("a.png", 200, 180);
        Add("b.jpg", 150, 220);
        Split(Small with { Threads = 1 }, "one");
        Split(Small with { Threads = 5, MemoryLimit = 1 << 20 }, "five");
        Assert.Equal(Files("one"), Files("five"));
    }

    [Fact]
    public void Exact_truncation_marks_only_what_is_cut()
    {
        // The area of the first, 600.48, is not a single-precision number: the authors' rounding takes it for cut, or not.
        Add("a.png", 100, 64, "10.3 10.7 40.1 10.9 40.5 30.3 10.7 30.1 ship 0\n20 20 70 20 70 30 20 30 plane 0\n");
        Split(Small with { Truncation = TruncationRule.Exact, ObjectShare = 0.5 });
        string[] lines = File.ReadAllLines(_folder.File("out/labelTxt/a__64__0___0.txt"));
        Assert.Equal(["ship 0", "plane 2"], lines.Select(l => string.Join(' ', l.Split(' ')[^2..])));
    }

    [Fact]
    public void Empty_windows_are_left_out_where_wanted()
    {
        Add("a.png", 400, 64);
        SplitSummary summary = Split(Small with { SkipEmpty = true });
        Assert.Equal((1, 1, 1, 0), (summary.Windows, summary.Written, summary.Labels, summary.Lost));
    }

    [Fact]
    public void Smaller_rates_cut_larger_windows()
    {
        Add("a.png", 200, 200);
        SplitSummary summary = Split(Small with { Rates = [0.5, 1] });
        Assert.Contains("a__128__72___72.png", Directory.EnumerateFiles(_folder.File("out/images")).Select(f => Path.GetFileName(f)));
        Assert.Equal(4 + 16, summary.Windows);
    }

    [Fact]
    public void A_row_reader_holds_the_rows_of_one_window_only()
    {
        Add("a.png", 300, 900);
        Assert.Equal(300 * 64 * 3, RowSource.BytesNeeded(Path.Combine(Images, "a.png"), 300, 900, 64));
    }

    [Fact]
    public void Bad_input_is_an_error_that_names_it()
    {
        Assert.Contains("the folder does not exist", Assert.Throws<DatasetException>(() => Split()).Message);
        Directory.CreateDirectory(Images);
        Directory.CreateDirectory(Labels);
        Assert.Contains("the folder has no image", Assert.Throws<DatasetException>(() => Split()).Message);
        Add("a.png", 64, 64, "1 2 3 4 5 6 ship 0\n");
        Assert.Contains("a polygon of 3 points", Assert.Throws<DatasetException>(() => Split()).Message);
        Add("a.png", 64, 64);
        Add("a.jpg", 64, 64);
        Assert.Contains("several images are named 'a'", Assert.Throws<DatasetException>(() => Split()).Message);
        File.Delete(Path.Combine(Images, "a.jpg"));
        File.WriteAllBytes(Path.Combine(Images, "a.png"), File.ReadAllBytes(Path.Combine(Images, "a.png"))[..^40]);
        Assert.Contains("truncated", Assert.Throws<ImageFormatException>(() => Split()).Message);
        File.Delete(_folder.File("labelTxt/a.txt"));
        Assert.Contains("the label file does not exist", Assert.Throws<DatasetException>(() => Split()).Message);
    }

    [Fact]
    public void A_damaged_picture_is_found_while_it_is_read()
    {
        Add("a.png", 200, 200);
        byte[] bytes = File.ReadAllBytes(Path.Combine(Images, "a.png"));
        bytes[bytes.Length / 2] ^= 0x55;
        File.WriteAllBytes(Path.Combine(Images, "a.png"), bytes);
        Assert.Contains("corrupt", Assert.Throws<ImageFormatException>(() => Split()).Message);
    }

    [Theory]
    [InlineData(8, 0, "sizes")]
    [InlineData(64, 64, "gaps")]
    public void Options_out_of_range_are_named(int size, int gap, string option)
    {
        OptionException error = Assert.Throws<OptionException>(() => Split(new SplitOptions { Sizes = [size], Gaps = [gap] }));
        Assert.Equal(option, error.Option);
    }

    private sealed class StopAfter(int images, CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == images)
            {
                stop.Cancel();
            }
        }
    }
}

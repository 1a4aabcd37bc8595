using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text.Json;
using Retort.Detection.PostProcessing;
using Retort.Torch.Checkpoints;
using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

/// <summary>From a tiny run to a file that leaves the house, and what it is used for.</summary>
public sealed class PublishedModelTests(PublishedModelTests.Model model) : LeakCheckedTest, IClassFixture<PublishedModelTests.Model>
{
    /// <summary>A trained and published detector.</summary>
    public sealed class Model : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly TinyData _data = new();

        public Model()
        {
            // Nothing is learnt in twelve steps: with so low a threshold there are detections all the same.
            CapturedCommand run = CapturedCommand.Run("train", _data.WriteRecipe(_folder.Path), "--set", "ema.enabled=true", "--set",
                "model.postProcessing.scoreThreshold=0.001");
            Assert.True(run.Code == 0, run.Error);
            Published = CapturedCommand.Run("publish", Checkpoint, "--output", Path.Combine(_folder.Path, "models"));
        }

        public CapturedCommand Published { get; }

        public string Folder => _folder.Path;

        public string Checkpoint => Path.Combine(_folder.Path, "runs", "tiny", "best.ckpt");

        public string File => Published.Output.Trim();

        public string Pictures => Path.Combine(_data.Folder, "images", "val");

        public void Dispose()
        {
            _data.Dispose();
            _folder.Dispose();
        }
    }

    [Fact]
    public void The_name_has_the_beginning_of_the_hash()
    {
        Assert.True(model.Published.Code == 0, model.Published.Error);
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model.File)));
        Assert.Equal($"tiny-{hash[..8]}.pth", Path.GetFileName(model.File));
        Assert.Equal([model.File], Directory.GetFiles(Path.GetDirectoryName(model.File)!));
    }

    [Fact]
    public void Large_pictures_are_looked_at_window_by_window() =>
        WindowedPrediction.Check(model.File, new GreedyNms(), Path.Combine(model.Folder, "windowed"));

    [Theory]
    [InlineData("--gap belongs to --window", "--gap", "10")]
    [InlineData("--window is '8'; it must be a whole number from 16 to 16384", "--window", "8")]
    [InlineData("--gap is 64; neighbouring windows overlap", "--window", "64", "--gap", "64")]
    [InlineData("--task1 is for detectors of rotated boxes", "--task1", "task1.zip")]
    [InlineData("omit the pictures", "--window", "64", "--image-info", "info.json", "--images", ".")]
    public void Options_that_cannot_be_are_refused_before_anything_is_written(string message, params string[] options)
    {
        string output = Path.Combine(model.Folder, "refused");
        TrainCommandTests.Refused(CapturedCommand.Run(["predict", model.File, model.Pictures, "--output", output, .. options]), message);
        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public void Compared_with_its_own_averaged_weights_a_detector_differs_from_its_last_ones_alone()
    {
        string json = Path.Combine(model.Folder, "compared.json"), maps = Path.Combine(model.Folder, "maps");
        string plain = Path.Combine(model.Folder, "plain.pth");
        using (Checkpoint last = Checkpoint.Open(model.Checkpoint))
        {
            TorchFile.Write(plain, new CheckpointDictionary
            {
                ["meta"] = last.Root.Find<CheckpointDictionary>("meta")!,
                ["state_dict"] = last.StateDict.ToValue()
            });
        }

        CapturedCommand run = CapturedCommand.Run("compare", model.File, model.Checkpoint, plain, "--json", json, "--maps", maps,
            "--images", "2");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("tiny", run.Output);
        using JsonDocument numbers = JsonDocument.Parse(File.ReadAllText(json));
        JsonElement[] students = [.. numbers.RootElement.EnumerateArray()];
        Assert.Equal(["tiny", "plain"], students.Select(s => s.GetProperty("student").GetString()!));
        Assert.All(students[0].GetProperty("boxDistance").EnumerateArray(), level => Assert.Equal(0, level.GetDouble()));
        Assert.All(students[0].GetProperty("featureCorrelation").EnumerateArray(), level => Assert.Equal(1, level.GetDouble(), 4));
        Assert.All(students[1].GetProperty("boxDistance").EnumerateArray(), level => Assert.True(level.GetDouble() > 0));
        Assert.Equal(2, Directory.GetFiles(maps).Length);
        TrainCommandTests.Refused(CapturedCommand.Run("compare", model.File, plain, "--images", "0"), "--images is '0'");
        TrainCommandTests.Refused(CapturedCommand.Run("compare", model.File, plain, "--images", "2"), "--images belongs to --maps");
    }

    [Theory]
    [InlineData("was trained with another 'input.mean', 'input.std' or 'input.colorOrder'", "input.mean=[1,2,3]")]
    [InlineData("teacher and student need the same pyramid", "model.neck.levels=4")]
    public void What_sees_other_images_or_other_places_is_not_compared(string message, string change)
    {
        string recipe = Path.Combine(model.Folder, "tiny.yaml"), other = Path.Combine(model.Folder, "runs", "other");
        Assert.Equal(0, CapturedCommand.Run("train", recipe, "--set", "name=other", "--set", change).Code);
        TrainCommandTests.Refused(CapturedCommand.Run("compare", model.File, Path.Combine(other, "best.ckpt")), "other", message);
        Directory.Delete(other, recursive: true);
    }

    [Fact]
    public void Maps_of_pictures_of_one_name_are_kept_apart()
    {
        string maps = Path.Combine(model.Folder, "all-maps"), copies =
            Directory.CreateDirectory(Path.Combine(model.Folder, "copies")).FullName;
        string[] pictures = Directory.GetFiles(model.Pictures);
        Array.ForEach(pictures, picture => File.Copy(picture, Path.Combine(copies, Path.GetFileName(picture))));
        string annotations = Path.Combine(model.Pictures, "..", "..", "annotations", "instances_val.json");
        string Source(string images) => $"{{annotations: '{annotations}', images: '{images}'}}";
        CapturedCommand run = CapturedCommand.Run(
            "compare", model.File, model.File, "--maps", maps, "--images", "100", "--set", "data.val.annotations=null", "--set",
                "data.val.images=null",
            "--set", $"data.val.union=[{Source(model.Pictures)}, {Source(copies)}]");
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(2 * pictures.Length, Directory.GetFiles(maps).Length);
    }

    [Fact]
    public void What_Retort_did_not_write_is_not_published_under_any_name()
    {
        string models = Path.Combine(model.Folder, "none"), foreign = Path.Combine(Golden.Folder, "loss_im.safetensors");
        TrainCommandTests.Refused(CapturedCommand.Run("publish", foreign, "--name", "x", "--output", models), foreign,
            "was not written by Retort: it has no recipe");
        Assert.False(Directory.Exists(models));
    }

    [Fact]
    public void It_has_the_averaged_weights_and_no_optimizer()
    {
        using Checkpoint file = Checkpoint.Open(model.File);
        Assert.Equal(["meta", "state_dict"], file.Root.Select(e => e.Key.ToString()!));
        Assert.Equal(
            FlatCheckpoint.Read(model.Checkpoint, "ema_state_dict").Select(l => l["ema_".Length..]),
                FlatCheckpoint.Read(model.File, "state_dict"));
    }

    [Fact]
    public void Checkpoint_show_lists_it()
    {
        CapturedCommand shown = CapturedCommand.Run("checkpoint", "show", model.File);
        Assert.Equal(0, shown.Code);
        Assert.Contains("bbox_head.gfl_cls.weight", shown.Output);
        Assert.Contains("meta", shown.Output);
        Assert.DoesNotContain("optimizer/", shown.Output);
        Assert.Contains("besides them", CapturedCommand.Run("checkpoint", "show", model.Checkpoint).Output);
    }

    [Fact]
    public void PyTorch_reads_it()
    {
        const string Script = """
            import sys, torch
            file = torch.load(sys.argv[1], map_location="cpu")
            print(",".join(file), len(file["state_dict"]), ",".join(file["meta"]["CLASSES"]))
            print(" ".join(repr(v) for v in file["state_dict"]["bbox_head.gfl_cls.bias"].tolist()))
            """;
        string[] lines = PythonOrSkip(Script, model.File).Split('\n');
        using Checkpoint file = Checkpoint.Open(model.File);
        Assert.Equal($"meta,state_dict {file.StateDict.Count} {string.Join(',', Vision.Synthesis.SyntheticDataset.ClassNames)}", lines[0]);
        Assert.Equal(
            file.StateDict["bbox_head.gfl_cls.bias"].As<float>().ToArray(), lines[1].Split(' ')
                .Select(v => (float)double.Parse(v, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Predict_draws_every_picture_and_writes_every_detection()
    {
        string output = Path.Combine(model.Folder, "predictions");
        CapturedCommand run = CapturedCommand.Run("predict", model.File, model.Pictures, "--output", output, "--threshold", "0");
        Assert.True(run.Code == 0, run.Error);
        string[] pictures = [.. Directory.GetFiles(model.Pictures).Order(StringComparer.Ordinal)];
        Assert.Equal([.. pictures.Select(p => Path.GetFileName(p)), "predictions.json"], Directory.GetFiles(output)
            .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        Assert.Equal(pictures, json.RootElement.EnumerateArray().Select(p => p.GetProperty("picture").GetString()!));
        int detections = 0;
        foreach ((string picture, JsonElement found) in pictures.Zip(json.RootElement.EnumerateArray()))
        {
            using Image original = ImageDecoder.Decode(picture);
            using Image drawn = ImageDecoder.Decode(Path.Combine(output, Path.GetFileName(picture)));
            Assert.Equal((original.Width, original.Height), (drawn.Width, drawn.Height));
            Assert.Equal(Path.GetFileName(picture), found.GetProperty("drawn").GetString());
            detections += found.GetProperty("detections").EnumerateArray().Count(d => CheckDetection(d, original));
        }

        Assert.True(detections > 0, "no detection at all");
        Assert.StartsWith($"{detections} objects from score 0 on in {pictures.Length} pictures, drawn in {output}; all detections from "
            + "score 0.001 on are in ", run.Output);
    }

    [Fact]
    public void Predict_draws_an_image_of_a_format_that_is_only_read_as_PNG()
    {
        using var folder = new TemporaryFolder();
        string picture = Path.Combine(folder.Path, "a.bmp");
        byte[] sizes = [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0];
        File.WriteAllBytes(picture, [.. "BM"u8, .. sizes, .. new byte[40]]);
        string output = Path.Combine(folder.Path, "found");
        CapturedCommand run = CapturedCommand.Run("predict", model.File, picture, "--output", output);
        Assert.True(run.Code == 0, run.Error);
        using Image drawn = ImageDecoder.Decode(Path.Combine(output, "a.png"));
        Assert.Equal((2, 2), (drawn.Width, drawn.Height));
    }

    [Fact]
    public void Predict_leaves_out_what_it_drew_before_and_overwrites_no_picture()
    {
        using var folder = new TemporaryFolder();
        string picture = Path.Combine(folder.Path, "a.jpg");
        File.Copy(Directory.GetFiles(model.Pictures)[0], picture);
        string[] command = ["predict", model.File, folder.Path, "--output", Path.Combine(folder.Path, "found")];
        Assert.All(new[] { CapturedCommand.Run(command), CapturedCommand.Run(command) },
            run => Assert.Contains(" in 1 picture, drawn in ", run.Output));
        string[] onto = ["predict", model.File, picture, "--output", folder.Path];
        TrainCommandTests.Refused(CapturedCommand.Run(onto), "the drawn picture would replace the picture itself");
        CapturedCommand json = CapturedCommand.Run([.. onto, "--no-pictures"]);
        Assert.True(json.Code == 0, json.Error);
        Assert.Equal(File.ReadAllBytes(Directory.GetFiles(model.Pictures)[0]), File.ReadAllBytes(picture));
    }

    [Fact]
    public void The_run_and_the_published_file_predict_the_same()
    {
        string Json(string file, string name)
        {
            string output = Path.Combine(model.Folder, name);
            CapturedCommand run = CapturedCommand.Run("predict", file, model.Pictures, "--output", output);
            Assert.True(run.Code == 0, run.Error);
            return File.ReadAllText(Path.Combine(output, "predictions.json"));
        }

        Assert.Equal(Json(model.Checkpoint, "of-run"), Json(model.File, "of-file"));
    }

    [Fact]
    public void Speed_shows_a_table()
    {
        CapturedCommand run = CapturedCommand.Run("speed", model.File, "--runs", "2", "--size", "64", "96", "--threads", "1");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("64x96", run.Output);
        Assert.All(new[] { "images a second", "latency, median", "parameters", "multiply-adds" }, row => Assert.Contains(row, run.Output));
    }

    [Theory]
    [InlineData("nms")]
    [InlineData("nms", "classAgnostic=true")]
    [InlineData("soft-nms")]
    [InlineData("soft-nms", "decay=gaussian", "sigma=0.3", "minScore=0.0001")]
    [InlineData("soft-nms", "decay=naive")]
    [InlineData("score-voting-cluster-diou")]
    [InlineData("score-voting-cluster-diou", "voteThreshold=0.5", "voteVariance=0.1", "classAgnostic=true")]
    public void Every_suppression_predicts_and_is_timed(string kind, params string[] numbers)
    {
        string[] set = [.. numbers.Prepend($"type={kind}").SelectMany(number => new[] { "--set", $"model.postProcessing.nms.{number}" })];
        string output = Path.Combine(model.Folder, $"suppressed-{string.Join('-', numbers.Prepend(kind))}");
        CapturedCommand run = CapturedCommand.Run(["predict", model.File, model.Pictures, "--output", output, .. set]);
        Assert.True(run.Code == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        Assert.Contains(json.RootElement.EnumerateArray(), p => p.GetProperty("detections").GetArrayLength() > 0);
        CapturedCommand speed = CapturedCommand.Run(["speed", model.File, "--runs", "1", "--size", "64", "64", "--threads", "1", .. set]);
        Assert.True(speed.Code == 0, speed.Error);
    }

    [Fact]
    public void An_unknown_suppression_is_refused() => TrainCommandTests.Refused(
        CapturedCommand.Run("speed", model.File, "--set", "model.postProcessing.nms.type=soft_nms"), "did you mean 'soft-nms'?");

    [Theory]
    [InlineData("--size", "8", "64")]
    [InlineData("--runs", "0")]
    public void Speed_refuses_what_cannot_be_measured(params string[] options) =>
        TrainCommandTests.Refused(CapturedCommand.Run(["speed", model.File, .. options]), options[0]);

    [Theory]
    [InlineData]
    [InlineData("--window", "64", "--no-pictures")]
    public void What_a_folder_has_besides_usable_images_is_said(params string[] options)
    {
        using var folder = new TemporaryFolder();
        string picture = Directory.GetFiles(model.Pictures).Order(StringComparer.Ordinal).First();
        string images = Directory.CreateDirectory(Path.Combine(folder.Path, "images")).FullName;
        File.Copy(picture, Path.Combine(images, "a.JPG"));
        folder.Write("images/b.TIF", "II*");
        folder.Write("images/c.tiff", "II*");
        folder.Write("images/sub/d.tif", "II*");
        folder.Write("images/._a.jpg", "left by another system");
        folder.Write("images/__MACOSX/a.jpg", "left by another system");
        Directory.CreateSymbolicLink(Path.Combine(images, "loop"), ".");
        File.WriteAllBytes(Path.Combine(images, "deep.png"), SixteenBits());
        CapturedCommand run = CapturedCommand.Run(["predict", model.File, images, "--output", Path.Combine(folder.Path, "out"),
            .. options]);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("in 2 pictures", run.Output);
        Assert.Contains($"warning: {Path.Combine(images, "b.TIF")}: 2 .tif images are left out", run.Error);
        Assert.Contains($"warning: {Path.Combine(images, "c.tiff")}: a .tiff image is left out", run.Error);
        Assert.Contains($"warning: {Path.Combine(images, "deep.png")}: the image has 16 bits a sample", run.Error);
    }

    [Theory]
    [InlineData]
    [InlineData("--window", "64")]
    public void A_picture_that_cannot_be_used_keeps_the_others_from_nothing(params string[] options)
    {
        using var folder = new TemporaryFolder();
        string broken = folder.Write("a-broken.jpg", "text");
        string[] pictures = [.. Directory.GetFiles(model.Pictures).Order(StringComparer.Ordinal)];
        string output = Path.Combine(folder.Path, "out");
        CapturedCommand run = CapturedCommand.Run(["predict", model.File, broken, model.Pictures, "--output", output, .. options]);
        TrainCommandTests.Refused(run, $"1 picture of {pictures.Length + 1} could not be used:\n  {broken}: ");
        Assert.Contains($" in {pictures.Length} pictures, drawn in ", run.Output);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        Assert.Equal(pictures, json.RootElement.EnumerateArray().Select(p => p.GetProperty("picture").GetString()!));
    }

    [Fact]
    public void Predict_that_is_stopped_keeps_what_it_has()
    {
        using var folder = new TemporaryFolder();
        string picture = Directory.GetFiles(model.Pictures)[0], output = Path.Combine(folder.Path, "out");
        using Process process = RetortProcess.Start(["predict", model.File, .. Enumerable.Repeat(picture, 2_000), "--output", output]);
        while (!process.HasExited && !(Directory.Exists(output) && Directory.EnumerateFiles(output, "*.jpg").Any()))
        {
            Thread.Yield();
        }

        Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        (int code, string error) = RetortProcess.Finish(process);
        Assert.True(code == 130, $"exit code {code}: {error}");
        Assert.Matches(@"stopped after \d+ of 2000 pictures", error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        Assert.InRange(json.RootElement.GetArrayLength(), 1, 1_999);
        Assert.DoesNotContain(Directory.GetFiles(output), file => file.Contains(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Predict_names_what_it_cannot_read()
    {
        using var folder = new TemporaryFolder();
        string picture = folder.Write("no-picture.jpg", "text");
        string output = Path.Combine(folder.Path, "out");
        TrainCommandTests.Refused(CapturedCommand.Run("predict", model.File, picture, "--output", output), picture);
        TrainCommandTests.Refused(CapturedCommand.Run("predict", model.File, Path.Combine(folder.Path, "none.jpg"), "--output", output),
            "none.jpg");
        TrainCommandTests.Refused(CapturedCommand.Run("predict", Path.Combine(folder.Path, "none.pth"), model.Pictures, "--output", output),
            "none.pth");
    }

    private static bool CheckDetection(JsonElement detection, Image picture)
    {
        double[] box = [.. detection.GetProperty("box").EnumerateArray().Select(e => e.GetDouble())];
        Assert.Equal(4, box.Length);
        Assert.True(box[0] >= 0 && box[1] >= 0 && box[2] <= picture.Width && box[3] <= picture.Height && box[0] <= box[2]
            && box[1] <= box[3], string.Join(' ', box));
        Assert.InRange(detection.GetProperty("score").GetDouble(), 0, 1);
        Assert.Contains(detection.GetProperty("class").GetString()!, Vision.Synthesis.SyntheticDataset.ClassNames);
        return true;
    }

    private static string PythonOrSkip(string script, params string[] arguments)
    {
        foreach (string python in new[] { "python3", "/usr/bin/python3" })
        {
            if (RunPython(python, "import torch", []).Code == 0)
            {
                (int code, string output, string error) = RunPython(python, script, arguments);
                Assert.True(code == 0, error);
                return output;
            }
        }

        Assert.Skip("needs a python3 with torch");
        return "";
    }

    private static (int Code, string Output, string Error) RunPython(string python, string script, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python,
                ["-c", script, .. arguments])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }

    // A black grey-scale PNG file, 64 x 64.
    private static byte[] SixteenBits()
    {
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(new byte[64 * (1 + (2 * 64))]);
        }

        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR"u8, [0, 0, 0, 64, 0, 0, 0, 64, 16, 0, 0, 0, 0]),
            .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }
}

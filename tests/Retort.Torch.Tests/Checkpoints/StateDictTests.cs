using System.IO.Compression;
using Retort.Core;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

public class StateDictTests
{
    [Theory]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("model")]
    [InlineData("ema")]
    [InlineData("ema/module")]
    [InlineData("model/state_dict")]
    [InlineData("")]
    [InlineData("deep/in/here", "deep/in/here")]
    public void The_state_dict_is_found_where_it_customarily_lies(string place, string? key = null)
    {
        CheckpointDictionary root = Wrap(State(("a", 2)).ToValue(), place);
        root["epoch"] = 3;
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["a"], root);

        using Checkpoint checkpoint = Checkpoint.Open(folder["a"], new CheckpointOptions { Key = key });

        Assert.Equal(place, checkpoint.StateDictPlace);
        Assert.Equal(["a"], checkpoint.StateDict.Keys);
    }

    [Fact]
    public void Weights_come_before_their_moving_average_unless_that_is_named()
    {
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["a"], new CheckpointDictionary
        {
            ["ema"] = State(("e", 1)).ToValue(),
            ["state_dict"] = State(("s", 1))
            .ToValue()
        });
        using Checkpoint plain = Checkpoint.Open(folder["a"]);
        using Checkpoint average = Checkpoint.Open(folder["a"], new CheckpointOptions { Key = "ema" });
        Assert.Equal(["s"], plain.StateDict.Keys);
        Assert.Equal(["e"], average.StateDict.Keys);
    }

    [Fact]
    public void A_checkpoint_without_tensors_says_what_it_has()
    {
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["a"], new CheckpointDictionary { ["epoch"] = 1, ["lr"] = 0.1 });
        using Checkpoint checkpoint = Checkpoint.Open(folder["a"]);
        Assert.Contains("no weights are in it (the root has: epoch, lr)",
            Assert.Throws<CheckpointException>(() => checkpoint.StateDict).Message);
        using Checkpoint named = Checkpoint.Open(folder["a"], new CheckpointOptions { Key = "model" });
        Assert.Contains("there are: epoch, lr", Assert.Throws<CheckpointException>(() => named.StateDict).Message);
    }

    [Fact]
    public void Weights_at_a_place_of_their_own_are_found_and_several_such_places_are_named_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        var optimizer = new CheckpointDictionary
        {
            ["state"] = new CheckpointDictionary
            {
                ["0"] = State(("momentum_buffer", 1))
            .ToValue()
            }
        };
        TorchFile.Write(folder["a"], new CheckpointDictionary
        {
            ["optimizer"] = optimizer,
            ["trainer"] = new CheckpointDictionary { ["generator"] = State(("0.weight", 1)).ToValue() }
        });
        using Checkpoint one = Checkpoint.Open(folder["a"]);
        Assert.Equal("trainer/generator", one.StateDictPlace);
        Assert.Equal(["0.weight"], one.StateDict.Keys);

        TorchFile.Write(folder["b"], new CheckpointDictionary
        {
            ["student"] = State(("0.weight", 1)).ToValue(),
            ["teacher"] = State(("0.weight", 2)).ToValue()
        });
        using Checkpoint two = Checkpoint.Open(folder["b"]);
        string message = Assert.Throws<CheckpointException>(() => two.StateDict).Message;
        Assert.Contains("at 2 places: student, teacher", message);
        Assert.Contains("torch.load(path)['student']", message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_TorchScript_program_is_named_with_the_remedy(bool compressed)
    {
        using var folder = new TemporaryFolder();
        using (ZipArchive zip = ZipFile.Open(folder["script.pt"], ZipArchiveMode.Create))
        {
            foreach (string entry in new[] { "script/data.pkl", "script/code/__torch__/net.py", "script/constants.pkl" })
            {
                bool deflated = compressed && entry.EndsWith(".py", StringComparison.Ordinal);
                using Stream stream = zip.CreateEntry(entry, deflated ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
                stream.Write(new byte[100]);
            }
        }

        string message = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder["script.pt"])).Message;
        Assert.Contains("TorchScript", message);
        Assert.Contains("torch.jit.load('script.pt').state_dict()", message);
    }

    [Fact]
    public void Prefixes_are_removed_and_collisions_are_errors()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["a"], State(("module.student.w", 1), ("module.student.b", 2)));
        using Checkpoint both = Checkpoint.Open(folder["a"], new CheckpointOptions { Prefixes = ["module.", "student."] });
        Assert.Equal(["w", "b"], both.StateDict.Keys);

        SafetensorsFile.Write(folder["b"], State(("module.w", 1), ("w", 2)));
        using Checkpoint colliding = Checkpoint.Open(folder["b"]);
        Assert.Contains("becomes 'w'", Assert.Throws<CheckpointException>(() => colliding.StateDict).Message);
    }

    [Fact]
    public void The_content_tells_the_format_not_the_name()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["a.pth"], State(("w", 1)), new Dictionary<string, string> { ["epoch"] = "3" });
        TorchFile.Write(folder["b.safetensors"], new CheckpointDictionary
        {
            ["state_dict"] = State(("w", 1)).ToValue(),
            ["meta"] = new CheckpointDictionary { ["epoch"] = 3 }
        });
        using Checkpoint safetensors = Checkpoint.Open(folder["a.pth"]);
        using Checkpoint torch = Checkpoint.Open(folder["b.safetensors"]);
        Assert.Equal(CheckpointFormat.Safetensors, safetensors.Format);
        Assert.Equal(CheckpointFormat.TorchZip, torch.Format);
        Assert.Equal("3", safetensors.Meta["epoch"].ToString());
        Assert.Equal("3", torch.Meta["epoch"].ToString());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html>", "a web page")]
    [InlineData("\u001f\u008b\u0008", "gzip")]
    [InlineData("{\"metadata\": {}}", "JSON")]
    [InlineData("whatever", "neither safetensors nor a checkpoint of PyTorch")]
    [InlineData("\u0080\u0002}.", "not one of torch.save")]
    public void Other_files_are_told_apart(string content, string message)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.pth", PickleBytes.Bytes(content));
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path).Dispose()).Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<RetortException>(() => Checkpoint.Open(folder["none.pth"]));
        Assert.Contains("is a folder", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    [Fact]
    public void A_listing_shows_everything_and_counts_the_state_dict()
    {
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["a"], new CheckpointDictionary
        {
            ["meta"] = new CheckpointDictionary
            {
                ["note"] = "a\u001b[31m" + new string('x', 200),
                ["classes"] = new CheckpointList(["cat", "dog"])
            },
            ["state_dict"] = State(("module.w", 6), ("module.b", 2)).ToValue(),
            ["optimizer"] = new CheckpointDictionary { [0] = TestTensors.Floats([3], 1, 2, 3) },
        });
        using Checkpoint checkpoint = Checkpoint.Open(folder["a"]);
        CheckpointListing listing = CheckpointListing.Of(checkpoint);

        Assert.Equal(["w", "b"], listing.Tensors.Select(t => t.Name));
        Assert.Equal((8, 32), (listing.ElementCount, listing.ByteCount));
        Assert.Equal("optimizer/0", Assert.Single(listing.OtherTensors).Name);
        Assert.Equal(["meta/note", "meta/classes"], listing.Values.Select(v => v.Place));
        Assert.Equal("[cat, dog]", listing.Values[1].Text);
        Assert.StartsWith("a?[31mxxx", listing.Values[0].Text);
        Assert.EndsWith("...", listing.Values[0].Text);
        Assert.Empty(listing.Refused);
    }

    private static StateDict State(params (string Name, int Count)[] tensors) =>
        new(tensors.Select(t => KeyValuePair.Create(t.Name, TestTensors.Floats([t.Count], new float[t.Count]))));

    private static CheckpointDictionary Wrap(CheckpointDictionary inner, string place)
    {
        foreach (string key in place.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            inner = new CheckpointDictionary { [key] = inner };
        }

        return inner;
    }
}

using Retort.Core;
using Retort.Core.Files;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

public class AtomicFileTests
{
    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a", [1, 2, 3]);
        Assert.Throws<NotSupportedException>(() => AtomicFile.Write(path, file =>
        {
            file.Write(new byte[100_000]);
            throw new NotSupportedException();
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_checkpoint_whose_tensor_cannot_be_read_is_not_written()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["source"], [KeyValuePair.Create("w", TestTensors.Floats([1], 1))]);
        using SafetensorsFile source = SafetensorsFile.Open(folder["source"]);
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => TorchFile.Write(folder["a"], source.Tensors["w"]));
        Assert.Equal([folder["source"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_a_killed_writer_left_is_removed_but_not_what_a_living_one_holds()
    {
        using var folder = new TemporaryFolder();
        string abandoned = folder.Write("a.tmp-0badcafe", [1]);
        string other = folder.Write("ab.tmp-0badcafe", [1]);
        string held = folder.Write("a.tmp-11111111", [1]);
        using (new FileStream(held, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            AtomicFile.Write(folder["a"], file => file.WriteByte(7));
        }

        Assert.Equal([7], File.ReadAllBytes(folder["a"]));
        Assert.False(File.Exists(abandoned));
        Assert.True(File.Exists(held));
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder["nowhere"], "a");
        Assert.Contains("create it first", Assert.Throws<RetortException>(() => AtomicFile.Write(path, _ => { })).Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs a Unix user whom permissions bind (not root)");
            return;
        }

        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Contains("cannot be written", Assert.Throws<RetortException>(() => AtomicFile.Write(folder["a"], _ => { })).Message);
        }
        finally
        {
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void An_open_checkpoint_outlives_a_new_one_of_the_same_path()
    {
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["a"], new CheckpointDictionary { ["w"] = TestTensors.Floats([1], 1) });
        using Checkpoint old = Checkpoint.Open(folder["a"]);
        TorchFile.Write(folder["a"], new CheckpointDictionary { ["w"] = TestTensors.Floats([1], 2) });
        Assert.Equal(1, old.StateDict["w"].As<float>()[0]);
    }
}

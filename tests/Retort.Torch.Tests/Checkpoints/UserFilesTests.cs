using Retort.Core.Files;

namespace Retort.Torch.Tests.Checkpoints;

public class UserFilesTests
{
    [Fact]
    public void What_the_system_refuses_is_told_with_the_path_and_a_remedy()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", [1]);
        string link = folder["loop"];
        File.CreateSymbolicLink(link, link);
        (Action Act, string Message)[] cases =
        [
            (() => UserFiles.ReadAllText(folder["gone"]), $"{folder["gone"]}: there is no such file; check the path"),
            (() => UserFiles.OpenRead(Path.Combine(folder["gone"], "a")),
                $"{Path.Combine(folder["gone"], "a")}: the folder {folder["gone"]} does not exist; check the path"),
            (() => UserFiles.OpenHandle(folder.Path), $"{folder.Path}: this is a folder; name a file in it"),
            (() => UserFiles.OpenRead(link),
                $"{link}: the file cannot be read (Too many levels of symbolic links); check the path, the disk and the connection to it"),
            (() => UserFiles.OpenRead("a\0b"), "a\0b: the file cannot be read (the name has a character that no file name has); check "
                + "the path, the disk and the connection to it"),
            (() => UserFiles.List(folder["gone"]), $"{folder["gone"]}: there is no such folder; check the path"),
            (() => UserFiles.CreateFolder(file), $"{file}: there is a file of this name; choose another folder"),
            (() => AtomicFile.Write(folder.Path, _ => { }), $"{folder.Path}: this is a folder; name a file in it"),
            (() => AtomicFile.Write(folder[new string('a', 300)], _ => { }),
                $"{folder[new string('a', 300)]}: the file cannot be written (the path is longer than the system allows); free some room "
                + "or choose another folder"),
        ];
        Assert.All(cases, c => Assert.Equal(c.Message, Assert.Throws<UserFileException>(c.Act).Message));
    }

    [Fact]
    public void A_full_disk_is_told_while_writing()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Skip("needs /dev/full");
        }

        using var stream = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
        UserFileException error = Assert.Throws<UserFileException>(() => UserFiles.Guard("out", FileUse.WriteFile, () =>
        {
            stream.Write(new byte[1 << 20]);
            stream.Flush(flushToDisk: true);
        }));
        Assert.Equal("No space left on device", error.Reason);
        Assert.Equal("out: the file cannot be written (No space left on device); free some room or choose another folder", error.Message);
    }
}

using Retort.Core.Files;

namespace Retort.Vision.Tests.Files;

public class FolderWalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Files_come_in_order_and_those_below_a_folder_too()
    {
        Make("b.jpg", "a.jpg", "sub/c.jpg", "sub/deeper/d.jpg");
        Assert.Equal(["a.jpg", "b.jpg", "sub/c.jpg", "sub/deeper/d.jpg"], Below("."));
        Assert.Equal(["a.jpg", "b.jpg"], FolderWalk.FilesIn(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Hidden_files_and_leftovers_of_archives_are_not_looked_at()
    {
        Make("a.jpg", "._a.jpg", ".ipynb_checkpoints/a.jpg", "__MACOSX/._a.jpg", "__MACOSX/a.jpg", "sub/__MACOSX/b.jpg", "sub/b.jpg");
        Assert.Equal(["a.jpg", "sub/b.jpg"], Below("."));
    }

    [Fact]
    public void A_hidden_folder_that_is_named_is_looked_at()
    {
        Make(".hidden/a.jpg", "__MACOSX/b.jpg");
        Assert.Equal([".hidden/a.jpg"], Below(".hidden"));
        Assert.Equal(["__MACOSX/b.jpg"], Below("__MACOSX"));
    }

    [Theory]
    [InlineData("..")] // would bring in the folder beside
    [InlineData(".")]
    [InlineData("../..")]
    public void A_link_to_a_folder_above_is_not_followed(string target)
    {
        Make("data/train/a.jpg", "data/val/b.jpg");
        Link("data/train/loop", target);
        Assert.Equal(["data/train/a.jpg"], Below("data/train"));
        Assert.Equal(["data/train/a.jpg", "data/val/b.jpg"], Below("data"));
    }

    [Fact]
    public void Folders_that_link_to_each_other_are_visited_once()
    {
        Make("x/a.jpg", "y/b.jpg");
        Link("x/y", "../y");
        Link("y/x", "../x");
        Assert.Equal(["x/a.jpg", "y/b.jpg"], Below("."));
        Assert.Equal(["x/a.jpg", "x/y/b.jpg"], Below("x"));
    }

    [Fact]
    public void A_folder_elsewhere_is_visited_once_by_its_links()
    {
        Make("elsewhere/a.jpg", "data/own.jpg");
        Link("data/one", "../elsewhere");
        Link("data/two", "../elsewhere");
        Link("data/chain", "one");
        Assert.Equal(2, Below("data").Count);
        Link("linked", "data");
        Assert.Equal(2, Below("linked").Count);
    }

    [Fact]
    public void A_link_to_nothing_is_left_out()
    {
        Make("a.jpg");
        Link("gone", "nowhere");
        Assert.Contains("a.jpg", Below("."));
        Assert.Throws<UserFileException>(() => Below("nowhere"));
    }

    public void Dispose() => _folder.Dispose();

    private void Make(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
            File.WriteAllText(_folder.File(file), "");
        }
    }

    private void Link(string link, string target) => Directory.CreateSymbolicLink(_folder.File(link), target);

    private List<string> Below(string folder) =>
        [.. FolderWalk.FilesBelow(Path.GetFullPath(Path.Combine(_folder.Path, folder)))
            .Select(file => Path.GetRelativePath(_folder.Path, file).Replace('\\', '/'))];
}

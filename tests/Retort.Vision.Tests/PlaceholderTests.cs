namespace Retort.Vision.Tests;

public class GoldenFolderTests
{
    [Fact]
    public void Golden_folder_exists() => Assert.True(Directory.Exists(Golden.Folder));
}

using Retort.Core.Files;

namespace Retort.Training.Tests.Runs;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("runs", "runs/a/b", "a/b")]
    [InlineData("runs", "runs/..a", "..a")]
    [InlineData("runs", "runs", null)]
    [InlineData("runs", ".", null)]
    [InlineData("runs", "runs2/a", null)]
    [InlineData("runs", "/elsewhere/runs/a", null)]
    public void Only_what_lies_deeper_is_below(string folder, string path, string? expected) =>
        Assert.Equal(expected, RelativePath.Below(folder, path));
}

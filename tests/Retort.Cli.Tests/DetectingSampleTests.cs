using System.Globalization;
using System.Text.Json;
using Retort.Samples.Detecting;

namespace Retort.Cli.Tests;

/// <summary>The sample of docs/prediction.md works, and the page shows that very code.</summary>
public sealed class DetectingSampleTests(PublishedModelTests.Model model) : LeakCheckedTest, IClassFixture<PublishedModelTests.Model>
{
    [Fact]
    public void A_program_of_ones_own_finds_what_predict_finds()
    {
        string picture = Directory.GetFiles(model.Pictures)[0], output = Path.Combine(model.Folder, "for-sample");
        CapturedCommand run = CapturedCommand.Run("predict", model.File, picture, "--output", output, "--no-pictures");
        Assert.True(run.Code == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        string[] expected = [.. json.RootElement[0].GetProperty("detections").EnumerateArray().Select(d => string.Create(
            CultureInfo.InvariantCulture,
            $"{d.GetProperty("class")} {d.GetProperty("score").GetSingle():0.000} {string.Join(' ', d.GetProperty("box").EnumerateArray().Select(edge => edge.GetSingle().ToString("0.0", CultureInfo.InvariantCulture)))}"))];
        using var finder = new ObjectFinder(model.File);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, finder.Find(picture, minimumScore: 0));
        Assert.Empty(finder.Find(picture, minimumScore: 1.01));
    }

    [Fact]
    public void Its_output_folder_has_the_native_libraries_of_one_platform()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string output = Path.Combine(Repository.Root, "artifacts", "bin", "Retort.Samples.Detecting", configuration);
        Assert.Single(Directory.GetFiles(output, "libSkiaSharp.*", SearchOption.AllDirectories));
        Assert.Contains("<UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>",
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "prediction.md")));
    }

    [Fact]
    public void The_page_shows_the_code_of_the_sample()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "prediction.md"));
        string code = File.ReadAllText(Path.Combine(Repository.Root, "samples", "Retort.Samples.Detecting", "ObjectFinder.cs"));
        Assert.Contains($"```csharp\n{code}```\n", page);
    }
}

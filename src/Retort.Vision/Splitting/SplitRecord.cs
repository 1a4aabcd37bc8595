using System.Globalization;
using System.Text;
using Retort.Core.Files;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;

namespace Retort.Vision.Splitting;

/// <summary>
/// The file that says with which settings a folder's windows were cut: windows of other settings must not get mixed with them.
/// </summary>
internal static class SplitRecord
{
    /// <summary>Its name.</summary>
    public const string FileName = "split.txt";

    /// <summary>Writes the settings into a new folder, or compares them with those of an earlier call.</summary>
    /// <exception cref="DatasetException">The folder holds windows of other settings.</exception>
    public static void Claim(string folder, SplitOptions options, string images, string? labels)
    {
        string path = Path.Combine(folder, FileName);
        string text = Text(options, images, labels);
        if (!File.Exists(path))
        {
            RenamedFile.Write(path, Encoding.UTF8.GetBytes(text));
        }
        else if (UserFiles.ReadAllText(path) is var earlier && earlier != text)
        {
            string[] before = earlier.Split('\n');
            string changed = text.Split('\n').FirstOrDefault(line => !before.Contains(line)) ?? "other lines";
            throw new DatasetException(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.Duplicate, path, "", $"the folder holds windows of another split (now '{changed}')",
                    "Choose another output folder, or delete this one."));
        }
    }

    private static string Text(SplitOptions options, string images, string? labels)
    {
        string List<T>(IEnumerable<T> values) => string.Join(", ", values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture, $"""
            images: {Path.GetFullPath(images)}
            labels: {(labels is null ? "none" : Path.GetFullPath(labels))}
            sizes: {List(options.Sizes)}
            gaps: {List(options.Gaps)}
            rates: {List(options.Rates)}
            image share: {options.ImageShare}
            object share: {options.ObjectShare}
            truncation: {options.Truncation}
            skip empty: {options.SkipEmpty}

            """);
    }
}

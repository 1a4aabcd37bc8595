using System.Text;
using Retort.IO;

namespace Retort.Vision.Datasets;

/// <summary>Rotated boxes of the YOLO family (<c>class x1 y1 ... x4 y4</c> in shares of the image) as label files of DOTA.</summary>
public static class YoloConverter
{
    /// <summary>Writes a label file of DOTA for every image, an empty one where there is no object.</summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="images">The folder of images, whose sizes the shares are of.</param>
    /// <param name="classNames">The names that the indices mean.</param>
    /// <param name="output">The folder to write into.</param>
    /// <returns>Images and objects.</returns>
    /// <exception cref="DatasetException">A label file or an image cannot be used, or a class name has a blank, which ends it in DOTA's files.</exception>
    public static (int Images, int Objects) ToDota(string labels, string images, IReadOnlyList<string> classNames, string output)
    {
        DatasetProblems problems = new();
        if (classNames.FirstOrDefault(name => name.Any(char.IsWhiteSpace)) is { } blank)
        {
            problems.Error(ProblemKind.UnknownClass, labels, "", $"the class name '{blank}' has a blank, which ends a name in DOTA's files", "Write a dash in its place.");
        }

        YoloImage[] sources = YoloFolder.Read(labels, images, null, YoloLabelFile.CornerNumbers, classNames.Count, imagesMustBe: true, problems);
        problems.ThrowIfErrors();
        foreach (YoloImage source in sources)
        {
            string text = DotaLabelFile.Text(source.Labels.Objects.Select(o => new DotaObject(InPixels(o.Numbers, source.Size!.Value), classNames[o.Class], 0, o.Line)));
            AtomicFile.Write(Path.Combine(output, source.Name + ".txt"), stream => stream.Write(Encoding.UTF8.GetBytes(text)), createFolder: true);
        }

        return (sources.Length, sources.Sum(s => s.Labels.Objects.Count));
    }

    private static double[] InPixels(double[] shares, (int Width, int Height) size) => [.. shares.Select((share, k) => share * (k % 2 == 0 ? size.Width : size.Height))];
}

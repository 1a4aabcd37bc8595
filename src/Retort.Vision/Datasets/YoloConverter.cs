namespace Retort.Vision.Datasets;

/// <summary>Rotated boxes of the YOLO family (<c>class x1 y1 ... x4 y4</c> in shares of the image) as label files of DOTA.</summary>
public static class YoloConverter
{
    /// <summary>What the label files of DOTA are to say, one for every image.</summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="images">The folder of images, whose sizes the shares are of.</param>
    /// <param name="classNames">The names that the indices mean.</param>
    /// <param name="problems">What was found is added; what is no error does not stop the conversion.</param>
    /// <exception cref="DatasetException">A label file or an image cannot be used, or a class name has a blank, which ends it in DOTA's
    /// files.</exception>
    public static IReadOnlyList<DotaLabels> ToDota(
        string labels, string images, IReadOnlyList<string> classNames, DatasetProblems? problems = null)
    {
        problems ??= new DatasetProblems();
        DotaWriter.CheckNames(classNames, labels, problems);
        YoloImage[] sources = YoloFolder.Read(labels, images, null, YoloLabelFile.CornerNumbers, classNames.Count, imagesMustBe: true,
            problems);
        problems.ThrowIfErrors();
        return [.. sources.Select(source => new DotaLabels(
            source.Name, [.. source.Labels.Objects.Select(o => new DotaObject(
                InPixels(o.Numbers, source.Size!.Value), classNames[o.Class], 0, o.Line))]))];
    }

    private static double[] InPixels(double[] shares, (int Width, int Height) size) =>
        [.. shares.Select((share, k) => share * (k % 2 == 0 ? size.Width : size.Height))];
}

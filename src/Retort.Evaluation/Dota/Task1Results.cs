using Retort.Core;

namespace Retort.Evaluation.Dota;

/// <summary>Oriented detections with the names of their images, as in the files of DOTA's task 1.</summary>
/// <param name="ImageNames">Names by index of the image, without extension.</param>
/// <param name="Detections">The detections.</param>
public sealed record Task1Results(IReadOnlyList<string> ImageNames, DotaDetections Detections)
{
    /// <summary>What messages call the detections: the path that they were read from.</summary>
    public string Source { get; init; } = "detections";

    /// <summary>
    /// Brings detections of windows together into those of whole images: the windows' places are added, and of detections of one class and
    /// image that overlap the one with the highest score stays.
    /// </summary>
    /// <param name="threshold">Greatest intersection over union of two detections of a class that both stay, 0 to 1; the authors' is
    /// 0.1.</param>
    /// <param name="imageNames">Names of the whole images in the order of the result; null for those that have detections, by name.</param>
    /// <returns>The detections by class, within a class by image, within an image highest score first.</returns>
    /// <exception cref="RetortException">A name is not that of a window, or of an image that is not in
    /// <paramref name="imageNames"/>.</exception>
    public Task1Results Merge(double threshold = 0.1, IReadOnlyList<string>? imageNames = null)
    {
        WindowName[] windows = [.. ImageNames.Select(name => WindowName.Parse(name)
            ?? throw DataError.At(Source, "", $"'{name}' is not the name of a window (id__size__x___y, or id__rate__x___y)",
                "merge detections of windows made by 'retort dataset split' or DOTA_devkit"))];
        imageNames ??= [.. windows.Select(w => w.Image).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> rank = imageNames.Select((name, i) => (name, i)).ToDictionary(e => e.name, e => e.i);
        int[] images = [.. windows.Select(w => rank.TryGetValue(w.Image, out int i)
            ? i
            : throw DataError.At(Source, "", $"there are detections of the image '{w.Image}', which the annotations do not have",
                "measure with the annotations of the images that were split"))];
        return new Task1Results(imageNames, Suppress(Moved(windows, images), imageNames.Count, threshold));
    }

    /// <summary>The detections of some images, in their order.</summary>
    /// <param name="imageNames">Names of the images in the order of the result; those without detections too.</param>
    public Task1Results Of(IReadOnlyList<string> imageNames)
    {
        Dictionary<string, int> rank = imageNames.Select((name, i) => (name, i)).ToDictionary(e => e.name, e => e.i);
        int[] images = [.. ImageNames.Select(name => rank.GetValueOrDefault(name, -1))];
        int[] kept = [.. Enumerable.Range(0, Detections.Count).Where(k => images[Detections.Images[k]] >= 0)];
        return this with
        {
            ImageNames = imageNames,
            Detections = Detections.At(kept) with { Images = [.. kept.Select(k => images[Detections.Images[k]])] }
        };
    }

    private DotaDetections Moved(WindowName[] windows, int[] images) => Detections with
    {
        Images = [.. Detections.Images.Select(i => images[i])],
        Polygons = [.. Detections.Polygons.Select((value, k) => Moved(value, k, windows[Detections.Images[k / 8]]))],
    };

    private static double Moved(double value, int k, WindowName window) => (value + (k % 2 == 0 ? window.X : window.Y)) / window.Rate;

    private static DotaDetections Suppress(DotaDetections all, int images, double threshold)
    {
        int classes = all.Classes.DefaultIfEmpty(0).Max() + 1;
        var groups = new ImageGroups(all.Images, all.Classes, images, classes, useCategories: true);
        var polygons = new PolygonSet(all.Polygons);
        int[][] groupsOfOne = [.. Enumerable.Range(0, classes).SelectMany(k => Images(groups, k))];
        List<int>[] kept = [.. groupsOfOne.AsParallel().AsOrdered().Select(
            group => PolygonNms.Keep(polygons, all.Scores, group, threshold))];
        int[] chosen = [.. kept.SelectMany(k => k)];
        return all.At(chosen);
    }

    private static List<int[]> Images(ImageGroups groups, int classIndex)
    {
        List<int[]> images = [];
        ReadOnlySpan<int> entries = groups.Group(classIndex);
        while (!entries.IsEmpty)
        {
            images.Add(groups.TakeImage(ref entries, groups.FirstImage(entries)).ToArray());
        }

        return images;
    }
}

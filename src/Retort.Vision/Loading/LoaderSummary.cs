using System.Globalization;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Imaging;

namespace Retort.Vision.Loading;

/// <summary>What a loader found when it went through the annotations; worth a line in a log.</summary>
/// <param name="Images">Images of the data set.</param>
/// <param name="ImagesUsed">Images that batches are made of.</param>
/// <param name="Objects">Objects to train on.</param>
/// <param name="Ignored">Crowds and difficult objects.</param>
/// <param name="Outside">Objects left out because their box lies wholly outside the image.</param>
/// <param name="TooSmall">Objects left out because their box is empty, inverted or below the limit.</param>
/// <param name="Clipped">Objects whose box reaches beyond the image and is clipped to it.</param>
public sealed record LoaderSummary(int Images, int ImagesUsed, int Objects, int Ignored, int Outside, int TooSmall, int Clipped)
{
    /// <summary>What was left out because it is too small, in words; null where nothing was.</summary>
    /// <param name="minimumSide">The limit, pixels.</param>
    public string? SmallObjects(float minimumSide) => TooSmall == 0 ? null : string.Create(CultureInfo.InvariantCulture,
        $"{TooSmall} of {Objects + Ignored + Outside + TooSmall} objects are narrower or lower than {minimumSide:0.##} "
            + $"{(minimumSide == 1 ? "pixel" : "pixels")} and are not used for training");

    /// <summary>Goes through the annotations and picks the images to use.</summary>
    /// <returns>The summary and, for each image that is used, its index and whether it is wider than high.</returns>
    internal static (LoaderSummary Summary, List<(int Index, bool Wide)> Used) Scan(IDetectionDataset dataset, DataLoaderOptions options)
    {
        var used = new List<(int, bool)>();
        int[] uses = new int[4];
        int clipped = 0;
        for (int i = 0; i < dataset.Count; i++)
        {
            ImageRecord record = dataset[i];
            if (record.Width < 1 || record.Height < 1)
            {
                throw new ImageFormatException(
                    record.Path, $"the annotations of '{dataset.Name}' give it a size of {record.Width}x{record.Height}",
                        "correct width and height there");
            }

            bool hasObjects = false;
            foreach (ObjectAnnotation annotation in record.Objects)
            {
                ObjectUse use = ObjectSelection.Classify(record, annotation, options.MinimumObjectSide);
                uses[(int)use]++;
                hasObjects |= use is ObjectUse.Train or ObjectUse.Ignore;
                clipped += use is ObjectUse.Train or ObjectUse.Ignore && annotation.Box.Clip(record.Width, record.Height) != annotation.Box
                    ? 1 : 0;
            }

            if (hasObjects || !options.FilterEmpty)
            {
                used.Add((i, record.Width > record.Height));
            }
        }

        var summary = new LoaderSummary(
            dataset.Count, used.Count, uses[(int)ObjectUse.Train], uses[(int)ObjectUse.Ignore], uses[(int)ObjectUse.Outside],
                uses[(int)ObjectUse.TooSmall], clipped);
        return (summary, used);
    }
}

using Retort.Core.Text;
using Retort.Training.Regions;
using Retort.Vision.Data;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;

namespace Retort.Cli.Data;

/// <summary>The regions of images as a picture: a row an image, a column a region, a dot a cell.</summary>
internal static class RegionSheet
{
    private const int CellWidth = 420;
    private static readonly DrawOptions Unlabelled = new() { ShowLabels = false };

    /// <summary>Draws images beside their regions.</summary>
    /// <param name="images">The data set.</param>
    /// <param name="found">What was found in some of its images, one or more.</param>
    /// <param name="finder">What found it.</param>
    /// <returns>The sheet; the caller disposes it.</returns>
    public static Image Draw(IDetectionDataset images, IReadOnlyList<ImageRegions> found, RegionFinder finder)
    {
        var cells = new List<SheetCell>();
        try
        {
            foreach (ImageRegions image in found)
            {
                AddRow(cells, images[image.Image], image, images.ClassNames, finder.Strides);
            }

            return ContactSheet.Compose(cells, finder.Regions.Count + 1, ["objects", .. finder.Regions.Select(r => r.Name)], CellWidth);
        }
        finally
        {
            cells.ForEach(c => c.Image.Dispose());
        }
    }

    private static void AddRow(List<SheetCell> cells, ImageRecord record, ImageRegions found, IReadOnlyList<string> classNames,
        IReadOnlyList<int> strides)
    {
        using Image picture = ImageDecoder.Decode(record.Path);
        IReadOnlyList<DrawnBox> truth = DrawnBox.Truth(record);
        cells.Add(new SheetCell(BoxPainter.Draw(picture, truth, classNames), Path.GetFileName(record.Path)));
        using Image outlined = BoxPainter.Draw(picture, truth, classNames, Unlabelled);
        float scale = (float)outlined.Width / picture.Width;
        foreach (RegionCells region in found.Regions)
        {
            Image drawn = DotPainter.Draw(outlined, [.. region.Cells.Select(
                c => new DrawnDot(c.X * scale, c.Y * scale, Radius(strides[c.Level], outlined.Width), c.Level))]);
            cells.Add(new SheetCell(drawn, Quantity.Of(region.Count, "priors")));
        }
    }

    // Of the finest level two pixels on the sheet, of the fifth, which has strides sixteen times as long, eight.
    private static float Radius(int stride, int pictureWidth) => 0.7f * MathF.Sqrt(stride) * pictureWidth / CellWidth;
}

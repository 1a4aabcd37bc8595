using System.Globalization;
using Retort.Training.Comparing;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;

namespace Retort.Cli.Evaluation;

/// <summary>
/// The differences of box logits as pictures: a row a student, a column a pyramid level, all of a level with the same colours.
/// </summary>
internal static class ErrorMapSheet
{
    private const int CellWidth = 240;

    /// <summary>Draws one image's maps beside the image.</summary>
    /// <param name="picture">The image.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="students">What the students are called.</param>
    /// <returns>The sheet; the caller disposes it.</returns>
    public static Image Draw(Image picture, BoxErrorMaps maps, IReadOnlyList<string> students)
    {
        int levels = maps.Students[0].Count;
        float[] largest = [.. Enumerable.Range(0, levels).Select(l => Math.Max(float.Epsilon, maps.Students.Max(s => s[l].Values.Max())))];
        var cells = new List<SheetCell>();
        try
        {
            for (int k = 0; k < students.Count; k++)
            {
                cells.Add(new SheetCell(picture, students[k]));
                cells.AddRange(maps.Students[k].Select((map, l) => new SheetCell(
                    HeatMap.Draw(map.Values, map.Width, largest[l], Math.Max(1, CellWidth / map.Width)),
                        string.Create(CultureInfo.InvariantCulture, $"mean {map.Values.Average():0.0}"))));
            }

            return ContactSheet.Compose(cells, levels + 1, ["image", .. largest.Select(
                (most, l) => string.Create(CultureInfo.InvariantCulture, $"P{l + 3}: white is {most:0}"))], CellWidth);
        }
        finally
        {
            cells.Where(c => c.Image != picture).ToList().ForEach(c => c.Image.Dispose());
        }
    }
}

using System.Globalization;
using Retort.Cli.Shell;
using Retort.Core.Text;
using Retort.Training.Regions;
using Spectre.Console;

namespace Retort.Cli.Data;

/// <summary>How many priors the regions of a recipe have, as a table: a row a region, a column a level of the pyramid.</summary>
internal static class RegionTable
{
    /// <summary>Prints the table and, below it, how well objects are met by the priors that are responsible for them.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="finder">What found the regions.</param>
    /// <param name="found">What was found, an element an image.</param>
    public static void Print(Terminal terminal, RegionFinder finder, IReadOnlyList<ImageRegions> found)
    {
        AssignedObject[] objects = [.. found.SelectMany(f => f.Objects)];
        IEnumerable<Heading> perLevel =
            finder.Strides.Select((stride, level) => Heading.Number(string.Create(
            CultureInfo.InvariantCulture, $"P{level + 3} (/{stride})")));
        Table table = Terminal.NewTable(["region", Heading.Number("priors"), Heading.Number("an object"), .. perLevel]);
        for (int k = 0; k < finder.Regions.Count; k++)
        {
            long[] levels = [.. finder.Strides.Select((_, level) => found.Sum(f => (long)f.Regions[k].LevelCounts[level]))];
            table.AddRow([Markup.Escape(finder.Regions[k].Name), Text(levels.Sum()), objects.Length == 0 ? "-"
                : ((double)levels.Sum() / objects.Length).ToString("0.0", CultureInfo.InvariantCulture), .. levels.Select(Text)]);
        }

        terminal.Write(table);
        terminal.Output.WriteLine(Matches(objects));
    }

    private static string Matches(AssignedObject[] objects)
    {
        string all = Quantity.Of(objects.Length, "objects");
        AssignedObject[] matched = [.. objects.Where(o => o.Priors > 0).OrderBy(o => o.BestOverlap)];
        float[] others = [.. objects.Where(o => o.Priors == 0).Select(o => o.LongerSide).Order()];
        string without = others.Length == 0
            ? $"{all}, none without a positive prior"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{others.Length} of {all} without a positive prior, so that they are not learned: their longer sides have a median of "
                    + $"{Middle(others):0} and at most {others[^1]:0} pixels in the network's input");
        return matched.Length == 0
            ? without
            : string.Create(CultureInfo.InvariantCulture, $"{without}\noverlap of an object with the best of its positives: median "
                + $"{Middle(matched).BestOverlap:0.00}, one in ten below {matched[matched.Length / 10].BestOverlap:0.00}");
    }

    private static T Middle<T>(T[] sorted) => sorted[sorted.Length / 2];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Retort.Core.Text;

/// <summary>Numbers with a unit, as a person writes them.</summary>
public static class Quantity
{
    /// <summary>A number with its unit: <c>1 image</c>, <c>2 images</c>, <c>1 class</c>.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="units">The unit in the plural.</param>
    public static string Of(long count, string units) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? One(units) : units)}");

    // classes, boxes; all other units end in a plain s.
    private static string One(string units) =>
        units[..^(units.EndsWith("sses", StringComparison.Ordinal) || units.EndsWith("xes", StringComparison.Ordinal) ? 2 : 1)];
}

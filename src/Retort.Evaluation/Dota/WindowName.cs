using System.Globalization;
using System.Text.RegularExpressions;

namespace Retort.Evaluation.Dota;

/// <summary>
/// The name of a window of a large image: <c>id__size__x___y</c>, as Retort and the authors' tool write it, or <c>id__rate__x___y</c>, as
/// DOTA_devkit does, whose windows are cut from the image resized by the rate. No window is smaller than 16 pixels, so what is less than
/// that is a rate.
/// </summary>
/// <param name="Image">Name of the image.</param>
/// <param name="X">Left edge of the window in the resized image, pixels.</param>
/// <param name="Y">Top edge of the window in the resized image, pixels.</param>
/// <param name="Rate">What the image's sides were multiplied by before it was cut, above 0; 1 where the name has a size.</param>
public readonly partial record struct WindowName(string Image, int X, int Y, double Rate = 1)
{
    private const int SmallestSize = 16;

    /// <summary>Takes a name apart; null where it is not built so.</summary>
    public static WindowName? Parse(string name)
    {
        Match match = Pattern().Match(name);
        return match.Success
            && double.TryParse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out double sizeOrRate) && sizeOrRate > 0
            && int.TryParse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out int x)
                && int.TryParse(match.Groups[4].ValueSpan, CultureInfo.InvariantCulture, out int y)
            ? new WindowName(match.Groups[1].Value, x, y, sizeOrRate < SmallestSize ? sizeOrRate : 1)
            : null;
    }

    [GeneratedRegex(@"^(.+)__([0-9]+(?:\.[0-9]+)?)__([0-9]+)___([0-9]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

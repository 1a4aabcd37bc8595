using System.Globalization;
using System.Text.RegularExpressions;

namespace Retort.Evaluation.Dota;

/// <summary>The name of a window of a large image, <c>id__size__x___y</c>, as DOTA's tools write it.</summary>
/// <param name="Image">Name of the image.</param>
/// <param name="X">Left edge of the window in the image, pixels.</param>
/// <param name="Y">Top edge of the window in the image, pixels.</param>
public readonly partial record struct WindowName(string Image, int X, int Y)
{
    /// <summary>Takes a name apart; null where it is not built so.</summary>
    public static WindowName? Parse(string name)
    {
        Match match = Pattern().Match(name);
        return match.Success && int.TryParse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out int x) && int.TryParse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out int y)
            ? new WindowName(match.Groups[1].Value, x, y)
            : null;
    }

    [GeneratedRegex(@"^(.+)__\d+__(\d+)___(\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

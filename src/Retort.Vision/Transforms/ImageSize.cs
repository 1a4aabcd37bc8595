using Retort.Core.Options;

namespace Retort.Vision.Transforms;

/// <summary>A size in pixels.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
public readonly record struct ImageSize(int Width, int Height) : IOptionNumbers
{
    /// <inheritdoc/>
    IEnumerable<double> IOptionNumbers.Numbers => [Width, Height];

    /// <summary>The size with both sides rounded up to a multiple of <paramref name="divisor"/>.</summary>
    public ImageSize RoundUp(int divisor) => new((Width + divisor - 1) / divisor * divisor, (Height + divisor - 1) / divisor * divisor);

    /// <summary>The size as people write it, such as 1333x800.</summary>
    public override string ToString() => $"{Width}x{Height}";
}

namespace Retort.Vision.Transforms;

/// <summary>
/// What is done to pixel values: (value - mean) * (1 / std). Padding is zero after this, not before.
/// </summary>
public sealed record NormalizeOptions
{
    /// <summary>Entries of the table of one channel: the values of a byte.</summary>
    internal const int TableLength = 256;

    /// <summary>Means, 0 to 255, in the order of the output's channels. Default: those of ImageNet, RGB.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [123.675, 116.28, 103.53];

    /// <summary>Standard deviations, above 0, in the order of the output's channels. Default: those of ImageNet, RGB.</summary>
    public IReadOnlyList<double> Std { get; init; } = [58.395, 57.12, 57.375];

    /// <summary>True: channels are red, green, blue; false: blue, green, red. Default: true.</summary>
    public bool ToRgb { get; init; } = true;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public void Validate()
    {
        InvalidOptionException.ThrowUnless(Mean is { Count: 3 } && Mean.All(m => m is >= 0 and <= 255), "normalize.mean", List(Mean), "three numbers between 0 and 255");
        InvalidOptionException.ThrowUnless(Std is { Count: 3 } && Std.All(s => s is > 0 and <= 1e6), "normalize.std", List(Std), "three numbers above 0");
    }

    /// <summary>
    /// What each byte becomes, [3, 256] in the order of the output's channels. Mean and deviation are rounded to single precision, the
    /// difference is taken in single and the product in double precision: the arithmetic of the authors' pipeline, to the last bit.
    /// </summary>
    internal float[] Tables()
    {
        float[] tables = new float[3 * TableLength];
        for (int i = 0; i < tables.Length; i++)
        {
            (int channel, int value) = (i / TableLength, i % TableLength);
            float difference = value - (float)Mean[channel];
            tables[i] = (float)(difference * (1.0 / (float)Std[channel]));
        }

        return tables;
    }

    private static string List(IReadOnlyList<double>? values) => values is null ? "missing" : $"[{string.Join(", ", values)}]";
}

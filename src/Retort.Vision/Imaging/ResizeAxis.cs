namespace Retort.Vision.Imaging;

/// <summary>
/// For each output position along one axis: the source position to its left and the two weights in units of 1/2048. The arithmetic,
/// single precision included, is that of OpenCV's bilinear resize, so that the weights come out equal.
/// </summary>
internal sealed class ResizeAxis
{
    /// <summary>One, in the fixed-point format of the weights.</summary>
    public const int One = 2048;

    // Kernels work on blocks of pixels and may run past the last one.
    private const int Padding = 8;

    private ResizeAxis(int target) => (Positions, Weights) = (new int[target + Padding], new int[target + Padding]);

    /// <summary>Where the first of the two source values is; the second is the next one.</summary>
    public int[] Positions { get; }

    /// <summary>The two weights, 0 to 2048 each: of the first value in the lower, of the second one in the upper half.</summary>
    public int[] Weights { get; }

    /// <summary>
    /// The axis along a row, with positions in bytes of a row of three bytes per pixel. Outside the image the border pixel has
    /// all the weight.
    /// </summary>
    public static ResizeAxis Horizontal(int source, int target)
    {
        ResizeAxis axis = Vertical(source, target);
        for (int i = 0; i < target; i++)
        {
            if (axis.Positions[i] < 0 || axis.Positions[i] >= source - 1)
            {
                axis.Positions[i] = Math.Clamp(axis.Positions[i], 0, source - 1);
                axis.Weights[i] = One;
            }

            axis.Positions[i] *= Image.Channels;
        }

        return axis;
    }

    /// <summary>The axis across rows: positions may lie one outside the image; the caller clamps them, weights are unchanged.</summary>
    public static ResizeAxis Vertical(int source, int target)
    {
        var axis = new ResizeAxis(target);
        double scale = 1.0 / ((double)target / source);
        for (int i = 0; i < target; i++)
        {
            float centre = (float)(((i + 0.5) * scale) - 0.5);
            int position = (int)MathF.Floor(centre);
            float fraction = centre - position;
            axis.Positions[i] = position;
            axis.Weights[i] = ToFixed(1f - fraction) | (ToFixed(fraction) << 16);
        }

        return axis;
    }

    private static int ToFixed(float weight) => (int)MathF.Round(weight * One, MidpointRounding.ToEven);
}

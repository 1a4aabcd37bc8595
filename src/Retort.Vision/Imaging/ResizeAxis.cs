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

    private ResizeAxis(int target) => (Position, Weight0, Weight1) = (new int[target + Padding], new short[target + Padding], new short[target + Padding]);

    /// <summary>The source position that <see cref="Weight0"/> multiplies; <see cref="Weight1"/> multiplies the next one.</summary>
    public int[] Position { get; }

    /// <summary>Weight of the first position, 0 to 2048.</summary>
    public short[] Weight0 { get; }

    /// <summary>Weight of the second position.</summary>
    public short[] Weight1 { get; }

    /// <summary>The horizontal axis: outside the image the border pixel has the whole weight.</summary>
    public static ResizeAxis Horizontal(int source, int target)
    {
        ResizeAxis axis = Vertical(source, target);
        for (int i = 0; i < target; i++)
        {
            if (axis.Position[i] < 0 || axis.Position[i] >= source - 1)
            {
                axis.Position[i] = Math.Clamp(axis.Position[i], 0, source - 1);
                (axis.Weight0[i], axis.Weight1[i]) = (One, 0);
            }
        }

        return axis;
    }

    /// <summary>The vertical axis: positions may lie one outside the image, the caller clamps rows; the weights stay as they are.</summary>
    public static ResizeAxis Vertical(int source, int target)
    {
        var axis = new ResizeAxis(target);
        double scale = 1.0 / ((double)target / source);
        for (int i = 0; i < target; i++)
        {
            float centre = (float)(((i + 0.5) * scale) - 0.5);
            int position = (int)MathF.Floor(centre);
            float fraction = centre - position;
            axis.Position[i] = position;
            axis.Weight0[i] = ToFixed(1f - fraction);
            axis.Weight1[i] = ToFixed(fraction);
        }

        return axis;
    }

    private static short ToFixed(float weight) => (short)MathF.Round(weight * One, MidpointRounding.ToEven);
}

using System.Numerics;

namespace Retort.Vision.Imaging;

/// <summary>What the filters of PNG predict a byte to be, by the filter's number, 0 to 4 (specification, section 9).</summary>
internal static class PngPrediction
{
    /// <summary>The prediction of one byte.</summary>
    public static int Of(int type, int left, int above, int upperLeft) => type switch
    {
        1 => left,
        2 => above,
        3 => (left + above) >> 1,
        4 => PngFilter.Paeth(left, above, upperLeft),
        _ => 0,
    };

    /// <summary>The predictions of several bytes at once.</summary>
    public static Vector<byte> Of(int type, Vector<byte> left, Vector<byte> above, Vector<byte> upperLeft) => type switch
    {
        1 => left,
        2 => above,
        3 => (left & above) + ((left ^ above) >>> 1), // the mean rounded down, without the ninth bit of the sum
        4 => Paeth(left, above, upperLeft),
        _ => Vector<byte>.Zero,
    };

    private static Vector<byte> Paeth(Vector<byte> left, Vector<byte> above, Vector<byte> upperLeft)
    {
        Vector.Widen(left, out Vector<ushort> leftLow, out Vector<ushort> leftHigh);
        Vector.Widen(above, out Vector<ushort> aboveLow, out Vector<ushort> aboveHigh);
        Vector.Widen(upperLeft, out Vector<ushort> cornerLow, out Vector<ushort> cornerHigh);
        return Vector.Narrow(Paeth(leftLow, aboveLow, cornerLow), Paeth(leftHigh, aboveHigh, cornerHigh));
    }

    private static Vector<ushort> Paeth(Vector<ushort> left, Vector<ushort> above, Vector<ushort> upperLeft)
    {
        Vector<short> a = Vector.AsVectorInt16(left);
        Vector<short> b = Vector.AsVectorInt16(above);
        Vector<short> c = Vector.AsVectorInt16(upperLeft);
        Vector<short> toLeft = Vector.Abs(b - c);
        Vector<short> toAbove = Vector.Abs(a - c);
        Vector<short> toCorner = Vector.Abs(a + b - c - c);
        Vector<short> other = Vector.ConditionalSelect(Vector.LessThanOrEqual(toAbove, toCorner), b, c);
        Vector<short> isLeft = Vector.LessThanOrEqual(toLeft, toAbove) & Vector.LessThanOrEqual(toLeft, toCorner);
        return Vector.AsVectorUInt16(Vector.ConditionalSelect(isLeft, a, other));
    }
}

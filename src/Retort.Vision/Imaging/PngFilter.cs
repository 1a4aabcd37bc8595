using System.Numerics;

namespace Retort.Vision.Imaging;

/// <summary>The five row filters of the PNG specification, section 9.</summary>
internal static class PngFilter
{
    /// <summary>Number of filter types; a larger filter byte is an error.</summary>
    public const int Count = 5;

    /// <summary>Undoes a filter in place.</summary>
    /// <param name="type">The row's filter byte, 0 to 4.</param>
    /// <param name="row">The filtered row; becomes the plain one.</param>
    /// <param name="above">The plain row above, zeros for the first one; as long as <paramref name="row"/>.</param>
    /// <param name="step">Bytes a pixel, at least 1.</param>
    public static void Undo(int type, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        switch (type)
        {
            case 1:
                for (int i = step; i < row.Length; i++)
                {
                    row[i] += row[i - step];
                }

                break;
            case 2:
                AddRow(row, above);
                break;
            case 3:
                UndoAverage(row, above, step);
                break;
            case 4:
                UndoPaeth(row, above, step);
                break;
        }
    }

    /// <summary>The predictor of filter 4: of left, above and upper left the one nearest to left + above - upper left.</summary>
    public static int Paeth(int left, int above, int upperLeft)
    {
        int toLeft = Math.Abs(above - upperLeft);
        int toAbove = Math.Abs(left - upperLeft);
        int toUpperLeft = Math.Abs(left + above - (2 * upperLeft));
        int nearest = toAbove <= toUpperLeft ? above : upperLeft;
        return toLeft <= toAbove && toLeft <= toUpperLeft ? left : nearest;
    }

    private static void AddRow(Span<byte> row, ReadOnlySpan<byte> above)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void UndoAverage(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (int i = 0; i < Math.Min(step, row.Length); i++)
        {
            row[i] += (byte)(above[i] >> 1);
        }

        for (int i = step; i < row.Length; i++)
        {
            row[i] += (byte)((row[i - step] + above[i]) >> 1);
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (int i = 0; i < Math.Min(step, row.Length); i++)
        {
            row[i] += above[i];
        }

        for (int i = step; i < row.Length; i++)
        {
            row[i] += (byte)Paeth(row[i - step], above[i], above[i - step]);
        }
    }
}

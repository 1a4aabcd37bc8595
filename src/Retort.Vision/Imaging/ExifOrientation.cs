using System.Buffers.Binary;

namespace Retort.Vision.Imaging;

/// <summary>The orientation tag of EXIF data: how a camera was held, 1 (upright) to 8.</summary>
internal static unsafe class ExifOrientation
{
    public const int Upright = 1;

    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Reads the tag from a TIFF block (what follows "Exif\0\0"); <see cref="Upright"/> if it is absent or malformed.</summary>
    public static int Parse(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || !(little || tiff.StartsWith("MM\0*"u8)))
        {
            return Upright;
        }

        uint directory = ReadUInt32(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return Upright;
        }

        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        int count = Math.Min(ReadUInt16(tiff[(int)directory..], little), entries.Length / 12);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * 12, 12);
            if (ReadUInt16(entry, little) == OrientationTag && ReadUInt16(entry[2..], little) == ShortType)
            {
                int value = ReadUInt16(entry[8..], little);
                return value is >= 1 and <= 8 ? value : Upright;
            }
        }

        return Upright;
    }

    /// <summary>Whether turning the image upright swaps width and height.</summary>
    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>Turns the image upright; disposes <paramref name="image"/> when the result is another one.</summary>
    public static Image Apply(Image image, int orientation)
    {
        if (orientation == Upright)
        {
            return image;
        }

        // Values 5 to 8 are the transposed ones; the mirrors are applied after transposing.
        bool transpose = SwapsSides(orientation);
        bool mirrorX = orientation is 2 or 3 or 6 or 7;
        bool mirrorY = orientation is 3 or 4 or 7 or 8;
        using (image)
        {
            Image turned = transpose ? new Image(image.Height, image.Width) : new Image(image.Width, image.Height);
            turned.Issues = image.Issues;
            (int pixelStep, int rowStep) = transpose ? (image.Stride, Image.Channels) : (Image.Channels, image.Stride);
            byte* to = turned.Pointer;
            for (int y = 0; y < turned.Height; y++)
            {
                byte* from = image.Pointer + ((long)(mirrorY ? turned.Height - 1 - y : y) * rowStep);
                long step = mirrorX ? -pixelStep : pixelStep;
                from += mirrorX ? (long)(turned.Width - 1) * pixelStep : 0;
                for (int x = 0; x < turned.Width; x++, from += step, to += Image.Channels)
                {
                    (to[0], to[1], to[2]) = (from[0], from[1], from[2]);
                }
            }

            return turned;
        }
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint ReadUInt32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}

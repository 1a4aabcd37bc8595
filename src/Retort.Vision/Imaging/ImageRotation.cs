namespace Retort.Vision.Imaging;

/// <summary>Rotates images.</summary>
internal static unsafe class ImageRotation
{
    /// <summary>
    /// Rotates about the centre, clockwise, with bilinear interpolation; same size, black outside the source. The caller
    /// disposes both images.
    /// </summary>
    public static Image Rotate(Image image, double radians)
    {
        var turned = new Image(image.Width, image.Height);
        (double sine, double cosine) = Math.SinCos(radians);
        (double middleX, double middleY) = ((image.Width - 1) / 2.0, (image.Height - 1) / 2.0);
        byte* to = turned.Pointer;
        for (int y = 0; y < image.Height; y++)
        {
            // The source of this row's pixels: the inverse rotation.
            double fromX = middleX - (cosine * middleX) + (sine * (y - middleY));
            double fromY = middleY + (sine * middleX) + (cosine * (y - middleY));
            for (int x = 0; x < image.Width; x++, fromX += cosine, fromY -= sine, to += Image.Channels)
            {
                Sample(image, fromX, fromY, to);
            }
        }

        return turned;
    }

    private static void Sample(Image image, double x, double y, byte* to)
    {
        (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double right, double low) = (x - left, y - top);
        for (int c = 0; c < Image.Channels; c++)
        {
            double upper = (Value(image, left, top, c) * (1 - right)) + (Value(image, left + 1, top, c) * right);
            double lower = (Value(image, left, top + 1, c) * (1 - right)) + (Value(image, left + 1, top + 1, c) * right);
            to[c] = (byte)((upper * (1 - low)) + (lower * low) + 0.5);
        }
    }

    private static int Value(Image image, int x, int y, int channel) =>
        (uint)x < (uint)image.Width && (uint)y < (uint)image.Height
            ? image.Pointer[((long)y * image.Stride) + (x * Image.Channels) + channel]
            : 0;
}

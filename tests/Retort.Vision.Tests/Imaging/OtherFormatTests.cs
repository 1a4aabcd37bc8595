using System.Buffers.Binary;
using Retort.Vision.Imaging;
using SkiaSharp;

namespace Retort.Vision.Tests.Imaging;

/// <summary>WebP, BMP and GIF.</summary>
public class OtherFormatTests
{
    public static TheoryData<string> Formats => ["bmp", "gif", "webp"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Pixels_and_size_are_those_of_the_image(string format)
    {
        using Image image = Grey(37, 23);
        using var folder = new TemporaryFolder();
        string path = folder.File("image.jpg"); // the first bytes decide
        File.WriteAllBytes(path, Encoded(format, image));
        using Image read = ImageDecoder.Decode(path);
        Assert.Equal((37, 23), (read.Width, read.Height));
        Assert.True(read.Pixels.SequenceEqual(image.Pixels));
        Assert.Equal(ImageIssues.None, read.Issues);
        Assert.Equal((37, 23), ImageHeader.ReadSize(path));
    }

    [Theory]
    [InlineData("bmp")]
    [InlineData("webp")]
    public void Colours_keep_their_order(string format)
    {
        using Image image = Pictures.Noise(19, 31, 3);
        using Image read = ImageDecoder.Decode(Encoded(format, image), "image");
        Assert.True(read.Pixels.SequenceEqual(image.Pixels));
    }

    [Fact]
    public void Of_several_frames_the_first_is_used_with_a_warning()
    {
        byte[] first = [.. Enumerable.Repeat((byte)50, 30 * 20)];
        byte[] second = [.. Enumerable.Repeat((byte)90, 30 * 20)];
        using Image read = ImageDecoder.Decode(Pictures.Gif(30, 20, first, second), "film.gif");
        Assert.All(read.Pixels.ToArray(), value => Assert.Equal(100, value));
        Assert.Equal(ImageIssues.FirstFrame, read.Issues);
        Assert.Contains("the first is used", Assert.Single(read.Issues.Sentences()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Truncated_and_damaged_files_never_do_worse_than_an_error(string format)
    {
        using Image image = Grey(37, 23);
        byte[] whole = Encoded(format, image);
        for (int length = 0; length < whole.Length / 2; length += length < 60 ? 1 : 23)
        {
            byte[] part = whole[..length];
            Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(part, "part").Dispose());
        }

        var random = new Random(5);
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                ImageDecoder.Decode(damaged, "damaged", maxPixels: 1 << 20).Dispose();
            }
            catch (ImageFormatException)
            {
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_limit_on_pixels_holds(string format)
    {
        using Image image = Grey(37, 23);
        byte[] file = Encoded(format, image);
        ImageDecoder.Decode(file, "image", maxPixels: 37 * 23).Dispose();
        ImageFormatException error = Assert.Throws<ImageFormatException>(
            () => ImageDecoder.Decode(file, "image", maxPixels: (37 * 23) - 1));
        Assert.Contains("claims 37x23 pixels, more than the limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_bytes_that_claim_a_huge_size_take_no_memory_for_it()
    {
        byte[] gif = Pictures.Gif(4, 4, new byte[16]);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(6), 16000);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(8), 16000);
        using Image image = Grey(4, 4);
        byte[] bmp = Pictures.Bmp(image);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 16000);
        foreach (byte[] file in new[] { gif, bmp })
        {
            ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(file, "image"));
            Assert.Contains("cannot hold the 16000x16000 pixels", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Images_of_formats_that_are_not_read_are_counted_by_format() => Assert.Equal(
        [("a/1.TIF", "2 .tif images are left out; this format is not read"),
            ("b.heic", "a .heic image is left out; this format is not read")],
        ImageExtensions.Unread(["a/2.tif", "b.heic", "a/1.TIF", "c.jpg", "d.WebP", "labels.txt"]).OrderBy(unread => unread.First));

    // GIF holds 128 greys of the helper.
    private static Image Grey(int width, int height)
    {
        using Image noise = Pictures.Noise(width, height, 8);
        var image = new Image(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(noise.Pixels[i / 3] & 0xFE);
        }

        return image;
    }

    private static byte[] Encoded(string format, Image image) => format switch
    {
        "bmp" => Pictures.Bmp(image),
        "gif" => Pictures.Gif(image.Width, image.Height, [.. image.Pixels.ToArray().Where((_, i) => i % 3 == 0)
            .Select(value => (byte)(value / 2))]),
        _ => WebP(image),
    };

    private static byte[] WebP(Image image)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                ReadOnlySpan<byte> pixel = image.Row(y).Slice(3 * x, 3);
                bitmap.SetPixel(x, y, new SKColor(pixel[2], pixel[1], pixel[0]));
            }
        }

        using SKPixmap pixels = bitmap.PeekPixels();
        return pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100))!.ToArray();
    }
}

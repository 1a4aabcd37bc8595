using CsCheck;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Imaging;

public class ImageEncoderTests
{
    [Fact]
    public void Png_comes_back_bit_for_bit() => Gen.Select(Gen.Int[1, 80], Gen.Int[1, 80], Gen.Int[0, 1000], Gen.Bool).Sample(
        (width, height, seed, noise) =>
        {
            using Image image = noise ? Pictures.Noise(width, height, seed) : Pictures.Scene(width, height, seed);
            using Image back = ImageDecoder.Decode(ImageEncoder.EncodePng(image), "png");
            return back.Width == width && back.Height == height && back.Pixels.SequenceEqual(image.Pixels);
        },
        iter: 100);

    [Fact]
    public void Jpeg_comes_back_nearly()
    {
        using Image image = Pictures.Scene(97, 65, 4);
        using Image back = ImageDecoder.Decode(ImageEncoder.EncodeJpeg(image), "jpeg");
        double error = 0;
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            error += Math.Abs(image.Pixels[i] - back.Pixels[i]);
        }

        Assert.InRange(error / image.Pixels.Length, 0, 8);
    }

    [Theory]
    [InlineData("picture.png")]
    [InlineData("picture.JPG")]
    public void A_file_replaces_the_old_one_and_leaves_nothing_beside(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(name), "old");
        using Image image = Pictures.Scene(30, 20, 5);
        ImageEncoder.Write(folder.File(name), image);
        using Image back = ImageDecoder.Decode(folder.File(name));
        Assert.Equal((30, 20), (back.Width, back.Height));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void An_unknown_extension_is_named()
    {
        using Image image = Pictures.Scene(3, 3, 5);
        Assert.Contains("picture.bmp", Assert.Throws<ImageFormatException>(() => ImageEncoder.Write("picture.bmp", image)).Message,
            StringComparison.Ordinal);
    }
}

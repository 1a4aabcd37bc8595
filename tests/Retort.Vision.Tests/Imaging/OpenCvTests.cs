using System.Buffers.Binary;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Imaging;

/// <summary>Decoding and resizing give OpenCV's bits.</summary>
public class OpenCvTests(OpenCvFixture openCv) : IClassFixture<OpenCvFixture>
{
    [Fact]
    public void Decoded_pixels_are_those_of_imread()
    {
        string folder = openCv.FolderOrSkip();
        var wrong = new List<string>();
        string[] cases = Directory.GetFiles(folder, "*.raw");
        Assert.True(cases.Length > 40);
        foreach (string raw in cases)
        {
            byte[] expected = File.ReadAllBytes(raw);
            string file = Directory.GetFiles(folder, Path.GetFileNameWithoutExtension(raw) + ".*").Single(f => f != raw);
            using Image image = ImageDecoder.Decode(file);
            if (!IsSize(image, expected) || !image.Pixels.SequenceEqual(expected.AsSpan(8)))
            {
                wrong.Add(Path.GetFileName(file));
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resized_pixels_are_those_of_resize(bool simd)
    {
        string folder = openCv.FolderOrSkip();
        var wrong = new List<string>();
        string[] cases = Directory.GetFiles(folder, "*.resize");
        Assert.True(cases.Length > 40);
        foreach (string file in cases)
        {
            byte[] data = File.ReadAllBytes(file);
            int[] sizes = [.. Enumerable.Range(0, 4).Select(i => BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(4 * i)))];
            int sourceBytes = sizes[0] * sizes[1] * 3;
            using var source = new Image(sizes[0], sizes[1], data.AsSpan(16, sourceBytes));
            using Image result = BilinearResize.Resize(source, sizes[2], sizes[3], simd);
            if (!result.Pixels.SequenceEqual(data.AsSpan(16 + sourceBytes)))
            {
                wrong.Add(Path.GetFileName(file));
            }
        }

        Assert.Empty(wrong);
    }

    private static bool IsSize(Image image, byte[] raw) =>
        image.Width == BinaryPrimitives.ReadInt32LittleEndian(raw) && image.Height == BinaryPrimitives.ReadInt32LittleEndian(raw.AsSpan(4));
}

using CsCheck;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Transforms;

public class ImageRendererTests
{
    [Fact]
    public void One_pass_gives_what_the_separate_steps_give() => Gen.Select(
        Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 70], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 1000]).Sample(
        (w, h, newW, newH, flipX, flipY, rgb, seed) =>
        {
            using Image image = Pictures.Noise(w, h, seed);
            var geometry = new SampleGeometry(new ImageSize(w, h), new ImageSize(newW, newH), new ImageSize(newW, newH).RoundUp(8), flipX,
                flipY);
            var normalize = new PipelineOptions { ColorOrder = rgb ? ColorOrder.Rgb : ColorOrder.Bgr };
            var canvas = new ImageSize(geometry.Padded.Width + 8, geometry.Padded.Height + 16);
            float[] tensor = new float[3 * canvas.Width * canvas.Height];
            Array.Fill(tensor, float.NaN);
            ImageRenderer.Render(image, geometry, normalize, tensor, canvas);
            Assert.Equal(StepByStep(image, geometry, normalize, canvas), tensor);
        },
        iter: 200);

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using Image image = Pictures.Noise(8, 8, 0);
        var geometry = new SampleGeometry(new ImageSize(8, 8), new ImageSize(16, 16), new ImageSize(32, 32), false, false);
        Assert.Throws<ArgumentException>(
            () => ImageRenderer.Render(image, geometry, new PipelineOptions(), new float[3 * 8 * 8], new ImageSize(8, 8)));
        Assert.Throws<ArgumentException>(
            () => ImageRenderer.Render(image, geometry, new PipelineOptions(), new float[10], new ImageSize(32, 32)));
        SampleGeometry other = geometry with { Original = new ImageSize(9, 8) };
        Assert.Throws<ArgumentException>(
            () => ImageRenderer.Render(image, other, new PipelineOptions(), new float[3 * 32 * 32], new ImageSize(32, 32)));
    }

    private static float[] StepByStep(Image image, SampleGeometry geometry, PipelineOptions normalize, ImageSize canvas)
    {
        float[] tensor = new float[3 * canvas.Width * canvas.Height];
        (int width, int height) = (geometry.Resized.Width, geometry.Resized.Height);
        using Image resized = BilinearResize.Resize(image, width, height, simd: false);
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    byte value = resized.Row(geometry.FlipVertical ? height - 1 - y : y)[
                        (3 * (geometry.FlipHorizontal ? width - 1 - x : x)) + ((normalize.ColorOrder == ColorOrder.Rgb) ? 2 - c : c)];
                    float difference = value - (float)normalize.Mean[c];
                    tensor[(((c * canvas.Height) + y) * canvas.Width) + x] = (float)(difference * (1.0 / (float)normalize.Std[c]));
                }
            }
        }

        return tensor;
    }
}

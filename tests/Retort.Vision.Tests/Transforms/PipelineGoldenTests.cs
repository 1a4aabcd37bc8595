using System.Globalization;
using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Torch.Checkpoints;
using Retort.Vision.Data;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Transforms;

/// <summary>The data pipeline step by step against the authors' numbers.</summary>
[Trait("Category", Golden.Category)]
public class PipelineGoldenTests
{
    public static TheoryData<string> Pipelines { get; } =
        [.. Directory.GetFiles(Golden.Folder, "pipeline_*.safetensors").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(IsHorizontalPipeline).Order()];

    [Fact]
    public void Keep_ratio_sizes_are_those_of_the_table()
    {
        StoredTensor table = Golden.Read("pipeline_rescale_table").Tensors["table"];
        ReadOnlySpan<double> values = table.As<double>();
        int columns = (int)table.Shape[1];
        for (int at = 0; at < values.Length; at += columns)
        {
            ReadOnlySpan<double> row = values.Slice(at, columns);
            var original = new ImageSize((int)row[0], (int)row[1]);
            ImageSize resized = new ImageScale((int)row[2], (int)row[3]).Fit(original);
            ImageSize padded = resized.RoundUp(32);
            Assert.Equal((row[4], row[5], row[6], row[7]), (resized.Width, resized.Height, padded.Width, padded.Height));
            var geometry = new SampleGeometry(original, resized, padded, false, false);
            Assert.Equal(((float)row[9], (float)row[10]), (geometry.ScaleX, geometry.ScaleY));
        }
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Boxes_follow_the_resize_and_the_flip(string name)
    {
        SafetensorsFile golden = Golden.Read(name);
        SampleGeometry geometry = Geometry(golden, ImageSizeOf(golden));
        ReadOnlySpan<long> resized = golden.Tensors["resized_shape"].As<long>();
        Assert.Equal((resized[0], resized[1]), (geometry.Resized.Height, geometry.Resized.Width));
        ReadOnlySpan<long> padded = golden.Tensors["pad_shape"].As<long>();
        Assert.Equal((padded[0], padded[1]), (geometry.Padded.Height, geometry.Padded.Width));
        ReadOnlySpan<float> scale = golden.Tensors["scale_factor"].As<float>();
        Assert.Equal((scale[0], scale[1]), (geometry.ScaleX, geometry.ScaleY));
        AssertBoxes(golden, "boxes_after_resize", geometry with { FlipHorizontal = false, FlipVertical = false });
        AssertBoxes(golden, "boxes_after_flip", geometry);
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Pixels_follow_the_resize(string name)
    {
        SafetensorsFile golden = Golden.Read(name);
        using Image image = Picture(golden);
        SampleGeometry geometry = Geometry(golden, new ImageSize(image.Width, image.Height));
        using Image resized = BilinearResize.Resize(image, geometry.Resized.Width, geometry.Resized.Height);

        StoredTensor crop = golden.Tensors["resized_u8.crop"];
        int[] corner = [.. Numbers(golden.Metadata["crop"]).Select(n => (int)n)];
        int rowBytes = (int)crop.Shape[1] * Image.Channels;
        for (int y = 0; y < crop.Shape[0]; y++)
        {
            Assert.Equal(crop.Bytes.Slice(y * rowBytes, rowBytes), resized.Row(corner[0] + y).Slice(corner[2] * Image.Channels, rowBytes));
        }

        ReadOnlySpan<double> means = golden.Tensors["resized_u8.channel_mean"].As<double>();
        for (int c = 0; c < Image.Channels; c++)
        {
            long sum = 0;
            for (int i = c; i < resized.Pixels.Length; i += Image.Channels)
            {
                sum += resized.Pixels[i];
            }

            Assert.Equal(means[c], sum / ((double)resized.Width * resized.Height), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Tensor_is_flipped_normalised_and_padded(string name)
    {
        SafetensorsFile golden = Golden.Read(name);
        using Image image = Picture(golden);
        SampleGeometry geometry = Geometry(golden, new ImageSize(image.Width, image.Height));
        PipelineOptions normalize = Normalize(golden);
        ImageSize canvas = geometry.Padded;
        int plane = canvas.Width * canvas.Height;
        float[] tensor = new float[3 * plane];
        Array.Fill(tensor, float.NaN); // whatever is not written shows
        ImageRenderer.Render(image, geometry, normalize, tensor, canvas);

        AssertStatistics(golden, tensor, plane);
        AssertSamples(golden, tensor, canvas);
        AssertCorner(golden, tensor, canvas, normalize);
    }

    private static void AssertStatistics(SafetensorsFile golden, float[] tensor, int plane)
    {
        for (int c = 0; c < 3; c++)
        {
            float[] channel = tensor[(c * plane)..((c + 1) * plane)];
            double size = golden.Tensors["tensor.channel_abssum"].As<double>()[c];
            Assert.Equal(golden.Tensors["tensor.channel_sum"].As<double>()[c], channel.Sum(v => (double)v), size * 1e-7);
            Assert.Equal(size, channel.Sum(v => Math.Abs((double)v)), size * 1e-7);
            Assert.Equal(golden.Tensors["tensor.channel_min"].As<float>()[c], channel.Min());
            Assert.Equal(golden.Tensors["tensor.channel_max"].As<float>()[c], channel.Max());
            Assert.Equal(golden.Tensors["tensor.pad_corner"].As<float>()[c], channel[^1]);
        }
    }

    private static void AssertSamples(SafetensorsFile golden, float[] tensor, ImageSize canvas)
    {
        ReadOnlySpan<long> ys = golden.Tensors["sample_y"].As<long>();
        ReadOnlySpan<long> xs = golden.Tensors["sample_x"].As<long>();
        ReadOnlySpan<float> expected = golden.Tensors["sample_values_chw"].As<float>();
        for (int i = 0; i < expected.Length; i++)
        {
            int sample = i % ys.Length;
            long at = ((((long)i / ys.Length * canvas.Height) + ys[sample]) * canvas.Width) + xs[sample];
            Assert.Equal(expected[i], tensor[at]);
        }
    }

    // The golden corner is of the flipped image before normalisation, BGR.
    private static void AssertCorner(SafetensorsFile golden, float[] tensor, ImageSize canvas, PipelineOptions normalize)
    {
        StoredTensor corner = golden.Tensors["flipped_u8.corner"];
        for (int i = 0; i < corner.Bytes.Length; i++)
        {
            int channel = (normalize.ColorOrder == ColorOrder.Rgb) ? 2 - (i % 3) : i % 3;
            int x = i / 3 % (int)corner.Shape[1];
            int y = i / 3 / (int)corner.Shape[1];
            float expected = (corner.Bytes[i] - (float)normalize.Mean[channel]) / (float)normalize.Std[channel];
            Assert.Equal(expected, tensor[(((channel * canvas.Height) + y) * canvas.Width) + x], 1e-5f);
        }
    }

    private static void AssertBoxes(SafetensorsFile golden, string name, SampleGeometry geometry)
    {
        ReadOnlySpan<float> from = golden.Tensors["boxes_in"].As<float>();
        ReadOnlySpan<float> expected = golden.Tensors[name].As<float>();
        for (int i = 0; i < from.Length; i += 4)
        {
            Box box = geometry.Apply(new Box(from[i], from[i + 1], from[i + 2], from[i + 3]));
            Assert.Equal((expected[i], expected[i + 1], expected[i + 2], expected[i + 3]), (box.X1, box.Y1, box.X2, box.Y2));
        }
    }

    private static SampleGeometry Geometry(SafetensorsFile golden, ImageSize original)
    {
        int[] scale = JsonSerializer.Deserialize<int[]>(golden.Metadata["img_scale"])!;
        ImageSize resized = new ImageScale(scale[0], scale[1]).Fit(original);
        bool flip = golden.Metadata["flip"] == "True";
        return new SampleGeometry(
            original, resized, resized.RoundUp(32), flip && golden.Metadata["direction"] == "horizontal", flip
                && golden.Metadata["direction"] == "vertical");
    }

    private static PipelineOptions Normalize(SafetensorsFile golden) => new()
    {
        Mean = Numbers(golden.Metadata["mean"]),
        Std = Numbers(golden.Metadata["std"]),
        ColorOrder = golden.Metadata["to_rgb"] == "True" ? ColorOrder.Rgb : ColorOrder.Bgr,
    };

    // The picture is called <folder>/<stem>_<width>x<height>_decoded.png.
    private static ImageSize ImageSizeOf(SafetensorsFile golden)
    {
        double[] numbers = Numbers(golden.Metadata["image"]);
        return new ImageSize((int)numbers[0], (int)numbers[1]);
    }

    private static Image Picture(SafetensorsFile golden)
    {
        string relative = golden.Metadata["image"].Split(' ')[0];
        string beside = Path.Combine(Golden.Folder, relative);

        // Pictures are never committed. Those of other vectors lie beside these, and are not to be mixed with the shared ones.
        return ImageDecoder.Decode(Golden.AreCommitted && !File.Exists(beside) ? Repository.SharedOrSkip("golden/" + relative) : beside);
    }

    private static double[] Numbers(string text) =>
        [.. System.Text.RegularExpressions.Regex.Matches(text, @"\d+(\.\d+)?")
            .Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];

    private static bool IsHorizontalPipeline(string name) =>
        name.StartsWith("pipeline_torchvision", StringComparison.Ordinal) || name.StartsWith("pipeline_caffe", StringComparison.Ordinal);
}

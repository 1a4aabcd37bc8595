using System.Globalization;
using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Priors;

[Trait("Category", Golden.Category)]
public class PriorGeneratorTests : TensorTest
{
    [Theory]
    [InlineData("anchors_gfl_atss_160x192")]
    [InlineData("anchors_gfl_atss_64x96")]
    [InlineData("anchors_retina_160x192")]
    [InlineData("anchors_retina_64x96")]
    public void Anchors_and_valid_flags_are_the_references(string name)
    {
        SafetensorsFile golden = Golden.Read(name);
        PriorGrid grid = Generator(golden).Grid(Sizes(golden));
        int[] pad = Parse<int[]>(golden.Metadata["valid_flags_pad_shape"]);
        float[] valid = PriorKernels.Valid(grid, new GroundTruthBatch([new ImageTargets(pad[0], pad[1], pad[0], pad[1], Boxes.None, [])]));
        for (int l = 0; l < grid.Levels.Count; l++)
        {
            Close(golden.Tensors[$"anchors.{l}"].As<float>(), grid.ToTensor(l, TestDevice.Current), 1e-6);
            Assert.Equal(
                golden.Tensors[$"valid_flags.{l}"].As<bool>().ToArray(), valid.AsSpan(grid.Levels[l].Start, grid.Levels[l].Count).ToArray()
                    .Select(flag => flag > 0));

            // Those of the first cell stand on (0, 0).
            Close(golden.Tensors[$"base_anchors.{l}"].As<float>(), grid.ToTensor(l, TestDevice.Current).Narrow(0, 0, grid.PerCell), 1e-6);
        }
    }

    // inside_flags.border_<pixels>; m1 stands for -1, which is any number.
    [Theory]
    [InlineData("anchors_gfl_atss_160x192")]
    [InlineData("anchors_gfl_atss_64x96")]
    [InlineData("anchors_retina_160x192")]
    [InlineData("anchors_retina_64x96")]
    public void Anchors_that_reach_too_far_out_of_the_image_are_left_out_as_the_references(string name)
    {
        SafetensorsFile golden = Golden.Read(name);
        (int[] pad, int[] size) = (Parse<int[]>(golden.Metadata["valid_flags_pad_shape"]),
            Parse<int[]>(golden.Metadata["inside_flags_img_shape"]));
        string[] borders = [.. golden.Tensors.Keys.Where(k => k.StartsWith("inside_flags.border_", StringComparison.Ordinal))];
        Assert.NotEmpty(borders);
        foreach (string border in borders)
        {
            int pixels = int.Parse(border["inside_flags.border_".Length..].Replace('m', '-'), CultureInfo.InvariantCulture);
            var assigner = new AtssAssigner(Generator(golden, pixels < 0 ? null : pixels));
            BatchAssignment assignment = assigner.Assign(Sizes(golden),
                [new ImageTargets(pad[0], pad[1], size[0], size[1], Boxes.None, [])], TestDevice.Current);
            Assert.Equal(golden.Tensors[border].As<bool>().ToArray(), assignment.LabelWeights.SelectMany(level => level.ToArray<float>())
                .Select(weight => weight > 0));
        }
    }

    [Fact]
    public void A_negative_border_is_refused() => Assert.Throws<ArgumentException>(() => PriorGenerator.Anchors([8], allowedBorder: -1));

    [Theory]
    [InlineData(160, 192)]
    [InlineData(64, 96)]
    public void Points_are_the_references(int height, int width)
    {
        SafetensorsFile golden = Golden.Read("anchors_fcos_points");
        int[] strides = [8, 16, 32, 64, 128];
        PriorGrid grid = PriorGenerator.Points(strides).Grid([.. strides.Select(s => ((height + s - 1) / s, (width + s - 1) / s))]);
        for (int l = 0; l < strides.Length; l++)
        {
            float[] boxes = grid.ToTensor(l, TestDevice.Current).ToArray<float>();
            float[] corners = [.. boxes.Chunk(4).SelectMany(b => b[..2])];
            Close(golden.Tensors[$"points.{height}x{width}.{l}"].As<float>(), corners);
            Assert.All(boxes.Chunk(4), b => Assert.Equal(b[..2], b[2..]));
        }
    }

    [Fact]
    public void A_grid_is_computed_once_for_a_size()
    {
        var generator = PriorGenerator.Anchors([8, 16]);
        Assert.Same(generator.Grid([(4, 6), (2, 3)]), generator.Grid([(4, 6), (2, 3)]));
        Assert.NotSame(generator.Grid([(4, 6), (2, 3)]), generator.Grid([(6, 4), (3, 2)]));
    }

    private static PriorGenerator Generator(SafetensorsFile golden, double? border = null) => PriorGenerator.Anchors(
        Parse<int[]>(golden.Metadata["strides"]),
        Parse<double>(golden.Metadata["octave_base_scale"]),
        Parse<int>(golden.Metadata["scales_per_octave"]),
        Parse<double[]>(golden.Metadata["ratios"]),
        allowedBorder: border);

    private static (int, int)[] Sizes(SafetensorsFile golden) =>
        [.. Parse<int[][]>(golden.Metadata["featmap_sizes"]).Select(s => (s[0], s[1]))];

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json)!;
}

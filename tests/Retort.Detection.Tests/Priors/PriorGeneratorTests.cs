using System.Text.Json;
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
        IReadOnlyDictionary<string, string> about = golden.Metadata;
        var generator = PriorGenerator.Anchors(
            Parse<int[]>(about["strides"]),
            Parse<double>(about["octave_base_scale"]),
            Parse<int>(about["scales_per_octave"]),
            Parse<double[]>(about["ratios"]));
        PriorGrid grid = generator.Grid([.. Parse<int[][]>(about["featmap_sizes"]).Select(s => (s[0], s[1]))]);
        int[] pad = Parse<int[]>(about["valid_flags_pad_shape"]);
        for (int l = 0; l < grid.Levels.Count; l++)
        {
            Close(golden.Tensors[$"anchors.{l}"].As<float>(), grid.ToTensor(l, default), 1e-6);
            Assert.Equal(golden.Tensors[$"valid_flags.{l}"].As<bool>().ToArray(), grid.ValidFlags(l, pad[0], pad[1]));
        }
    }

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
            float[] boxes = grid.ToTensor(l, default).ToArray<float>();
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

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json)!;
}

using System.Text.Json;
using Retort.Detection.Heads;
using Retort.Torch;

namespace Retort.Detection.Tests.Networks;

/// <summary>Names, order, shapes and types of parameters, so that checkpoints of other toolboxes load and ours load there.</summary>
[Trait("Category", Golden.Category)]
public class StateKeysGoldenTests : LeakCheckedTest
{
    [Theory]
    [InlineData("gfl_r18", "gfl")]
    [InlineData("gfl_r34", "gfl")]
    [InlineData("gfl_r50", "gfl")]
    [InlineData("gfl_r101", "gfl")]
    [InlineData("gflv2_r50", "gflv2")]
    [InlineData("gflv2_r101", "gflv2")]
    [InlineData("atss_gfl_r50", "atss")]
    [InlineData("atss_gfl_r101", "atss")]
    [InlineData("gfl_x50_32x4d", "gfl")]
    [InlineData("gfl_x101_32x4d", "gfl")]
    [InlineData("gfl_x101_32x4d_dcnv1_c4c5", "gfl")]
    [InlineData("gfl_r2n50_26w_4s", "gfl")]
    [InlineData("gfl_r2n101_26w_4s", "gfl")]
    [InlineData("gfl_r50_dcnv1_c3c5", "gfl")]
    [InlineData("gfl_r50_dcnv2_c3c5", "gfl")]
    [InlineData("gfl_r101_dcnv1_c3c5", "gfl")]
    [InlineData("gflv2_r2n101_dcnv1_c3c5", "gflv2")]
    [InlineData("fcos_gfl_r50_caffe", "fcos")]
    [InlineData("fcos_gfl_r101_caffe", "fcos")]
    [InlineData("retina_gfl_r50", "retina")]
    [InlineData("retina_gfl_r101", "retina")]
    [InlineData("rot_retina_plain_r50", "rot_retina_plain")]
    [InlineData("rot_retina_distribution_r18", "rot_retina_distribution")]
    [InlineData("rot_retina_distribution_r34", "rot_retina_distribution")]
    [InlineData("rot_retina_distribution_r50", "rot_retina_distribution")]
    public void Networks_have_the_reference_state(string file, string detector)
    {
        using JsonDocument golden = Golden.ReadJson($"state_dict_keys/{file}.json.gz");
        string[] expected = [.. golden.RootElement.EnumerateArray().Select(e => $"{e[0].GetString()} [{string.Join(", ", e[1].EnumerateArray())}] {e[2].GetString()}")];
        DistributionHeadOptions head = Network.HeadOptions(detector);
        int channels = golden.RootElement.EnumerateArray().First(e => e[0].GetString() == $"bbox_head.{head.Names.Classes}.bias")[1][0].GetInt32();
        int classes = (channels / head.AnchorsPerCell) - (head.BackgroundChannel ? 1 : 0);
        using var network = new Network(TestBackbones.Build(file, deformableStages: DeformableStages(golden)), head with { Classes = classes }, Network.NeckOptions(detector));
        Assert.Equal(expected, network.NamedState().Select(s => $"{s.Name} [{string.Join(", ", s.Tensor.Shape)}] {s.Tensor.Type.ToString().ToLowerInvariant()}"));
    }
    // The authors' names do not always say which stages have deformable convolutions (c3c5 also where only C4 and C5 have).
    private static int[] DeformableStages(JsonDocument golden) =>
        [.. golden.RootElement.EnumerateArray().Select(e => e[0].GetString()!).Where(key => key.EndsWith("conv_offset.weight")).Select(key => key["backbone.layer".Length] - '0').Distinct()];
}

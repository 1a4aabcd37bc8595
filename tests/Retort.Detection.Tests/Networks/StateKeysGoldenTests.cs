using System.Text.Json;
using Retort.Detection.Backbones;
using Retort.Detection.Heads;
using Retort.Torch;

namespace Retort.Detection.Tests.Networks;

/// <summary>Names, order, shapes and types of parameters, so that checkpoints of other toolboxes load and ours load there.</summary>
[Trait("Category", Golden.Category)]
public class StateKeysGoldenTests : LeakCheckedTest
{
    [Theory]
    [InlineData("gfl_r18", "gfl", 18)]
    [InlineData("gfl_r34", "gfl", 34)]
    [InlineData("gfl_r50", "gfl", 50)]
    [InlineData("gfl_r101", "gfl", 101)]
    [InlineData("gflv2_r50", "gflv2", 50)]
    [InlineData("gflv2_r101", "gflv2", 101)]
    [InlineData("atss_gfl_r50", "atss", 50)]
    [InlineData("atss_gfl_r101", "atss", 101)]
    public void Networks_have_the_reference_state(string file, string detector, int depth)
    {
        using JsonDocument golden = Golden.ReadJson($"state_dict_keys/{file}.json.gz");
        string[] expected = [.. golden.RootElement.EnumerateArray().Select(e => $"{e[0].GetString()} [{string.Join(", ", e[1].EnumerateArray())}] {e[2].GetString()}")];
        DistributionHeadOptions head = Network.HeadOptions(detector);
        int channels = golden.RootElement.EnumerateArray().First(e => e[0].GetString() == $"bbox_head.{head.Names.Classes}.bias")[1][0].GetInt32();
        using var network = new Network(new ResNetOptions { Depth = depth }, head with { Classes = channels - (head.BackgroundChannel ? 1 : 0) });
        Assert.Equal(expected, network.NamedState().Select(s => $"{s.Name} [{string.Join(", ", s.Tensor.Shape)}] {s.Tensor.Type.ToString().ToLowerInvariant()}"));
    }
}

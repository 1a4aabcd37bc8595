using System.Text.Json;
using Retort.Detection.Backbones;
using Retort.Torch;

namespace Retort.Detection.Tests.Networks;

/// <summary>Names, order, shapes and types of parameters, so that checkpoints of other toolboxes load and ours load there.</summary>
[Trait("Category", Golden.Category)]
public class StateKeysGoldenTests : LeakCheckedTest
{
    [Theory]
    [InlineData(18)]
    [InlineData(34)]
    [InlineData(50)]
    [InlineData(101)]
    public void Gfl_networks_have_the_reference_state(int depth)
    {
        using JsonDocument golden = Golden.ReadJson($"state_dict_keys/gfl_r{depth}.json.gz");
        string[] expected = [.. golden.RootElement.EnumerateArray().Select(e => $"{e[0].GetString()} [{string.Join(", ", e[1].EnumerateArray())}] {e[2].GetString()}")];
        int classes = golden.RootElement.EnumerateArray().First(e => e[0].GetString() == "bbox_head.gfl_cls.bias")[1][0].GetInt32();
        using var network = new GflNetwork(new ResNetOptions { Depth = depth }, classes);
        Assert.Equal(expected, network.NamedState().Select(s => $"{s.Name} [{string.Join(", ", s.Tensor.Shape)}] {s.Tensor.Type.ToString().ToLowerInvariant()}"));
    }
}

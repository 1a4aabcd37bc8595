using System.Text.Json;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

/// <summary>State dicts with the names, shapes and types of the reference implementation's networks.</summary>
[Trait("Category", Golden.Category)]
public class GoldenKeysTests
{
    private const string Save = """
        import sys, gzip, json, collections, torch
        keys = json.load(gzip.open(sys.argv[1]))
        torch.manual_seed(0)
        sd = collections.OrderedDict()
        for name, shape, dtype in keys:
            n = 1
            for s in shape: n *= s
            # The first values only are drawn: a file of 200 MB takes long enough as it is.
            t = torch.zeros(n, dtype=getattr(torch, dtype)); t[:4] = (torch.randn(4) * 10).to(t.dtype)[:n]
            sd['module.' + name] = t.reshape(shape)
        torch.save({'meta': {'epoch': 24}, 'state_dict': sd}, sys.argv[2], _use_new_zipfile_serialization=sys.argv[3] == 'True')
        json.dump({k[7:]: v.double().sum().item() for k, v in sd.items()}, open(sys.argv[4], 'w'))
        """;

    [Theory]
    [InlineData("gfl_r18", true)]
    [InlineData("gfl_r18", false)]
    [InlineData("rot_retina_distribution_r18", true)]
    public void Files_of_torch_with_these_keys_match(string name, bool zipped)
    {
        using var folder = new TemporaryFolder();
        string keyFile = Path.Combine(Golden.Folder, "state_dict_keys", name + ".json.gz");
        PythonTorch.RunOrSkip(Save, keyFile, folder["a.pth"], zipped.ToString(), folder["sums.json"]);
        Dictionary<string, double> sums = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(folder["sums.json"]))!;

        using Checkpoint checkpoint = Checkpoint.Open(folder["a.pth"]);

        CheckKeys(name, checkpoint.StateDict);
        foreach ((string key, StoredTensor tensor) in checkpoint.StateDict)
        {
            double sum = 0;
            if (tensor.Type == ScalarType.Int64)
            {
                sum = tensor.As<long>().ToArray().Sum();
            }
            else
            {
                foreach (float value in tensor.As<float>())
                {
                    sum += value;
                }
            }

            Assert.Equal(sums[key], sum, 4);
        }
    }

    [Theory]
    [InlineData("gfl_r18", true)]
    [InlineData("gfl_r18", false)]
    public void Files_of_ours_with_these_keys_match(string name, bool safetensors)
    {
        using var folder = new TemporaryFolder();
        var state = new StateDict(Keys(name).Select((k, i) => KeyValuePair.Create(k.Name, TestTensors.Random(k.Type, k.Shape, i))));
        if (safetensors)
        {
            SafetensorsFile.Write(folder["a"], state);
        }
        else
        {
            TorchFile.Write(folder["a"], new CheckpointDictionary { ["state_dict"] = state.ToValue() });
        }

        using Checkpoint checkpoint = Checkpoint.Open(folder["a"]);

        CheckKeys(name, checkpoint.StateDict);
        Assert.All(state, t => Assert.True(t.Value.Bytes.SequenceEqual(checkpoint.StateDict[t.Key].Bytes), t.Key));
    }

    private static void CheckKeys(string name, StateDict state)
    {
        List<(string Name, long[] Shape, ScalarType Type)> keys = Keys(name);
        Assert.Equal(keys.Select(k => k.Name), state.Keys);
        Assert.Equal(keys.Select(k => k.Type), state.Values.Select(t => t.Type));
        Assert.True(StateDictMatcher.Match(keys.Select(k => (k.Name, k.Shape)), state).IsExact);
    }

    private static List<(string Name, long[] Shape, ScalarType Type)> Keys(string name)
    {
        using JsonDocument json = Golden.ReadJson($"state_dict_keys/{name}.json.gz");
        return [.. json.RootElement.EnumerateArray().Select(k =>
            (k[0].GetString()!, k[1].EnumerateArray().Select(s => s.GetInt64()).ToArray(),
                Enum.Parse<ScalarType>(k[2].GetString()!, ignoreCase: true)))];
    }
}

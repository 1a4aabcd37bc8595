using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

/// <summary>Files that others wrote.</summary>
public class RealFilesTests
{
    [Theory]
    [InlineData("weights/resnet20-12fca82f.th", 3)]
    [InlineData("weights/resnet56-4bfd9763.th", 9)]
    public void Checkpoints_of_the_older_format_are_read(string file, int blocks)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Repository.SharedOrSkip(file));

        Assert.Equal(CheckpointFormat.TorchLegacy, checkpoint.Format);
        Assert.Equal("state_dict", checkpoint.StateDictPlace);
        Assert.Equal("conv1.weight", checkpoint.StateDict.Keys.First());
        Assert.Equal([16, 3, 3, 3], checkpoint.StateDict["conv1.weight"].Shape);
        Assert.Equal([10, 64], checkpoint.StateDict["linear.weight"].Shape);
        Assert.Equal(blocks, checkpoint.StateDict.Keys.Count(k => k.StartsWith("layer1.") && k.EndsWith("conv1.weight")));

        // A variance is positive, and a network that was trained has weights of an ordinary size: the bytes are the right ones.
        foreach ((string name, StoredTensor tensor) in checkpoint.StateDict.Where(t => t.Value.Type == ScalarType.Float32))
        {
            float[] values = tensor.As<float>().ToArray();
            Assert.All(values, v => Assert.InRange(v, name.EndsWith("running_var") ? 0 : -100, 1000));
            Assert.True(values.Any(v => v != 0), name);
        }
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void Every_golden_file_holds_to_the_format()
    {
        string[] files = Directory.GetFiles(Golden.Folder, "*.safetensors");
        Assert.NotEmpty(files);
        foreach (string path in files)
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.NotEmpty(file.Tensors);
        }
    }
}

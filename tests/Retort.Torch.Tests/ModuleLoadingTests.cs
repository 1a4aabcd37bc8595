using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Torch.Tests;

public class ModuleLoadingTests
{
    [Fact]
    public void A_state_dict_loads_and_a_wrong_one_is_refused_by_name_without_changing_anything()
    {
        using var source = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        using var target = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3));
        ModuleLoading.Load(target, new StateDict(source.SaveState()), "a.pth");
        Assert.Equal(source.SaveState()[0].Value.As<float>().ToArray(), target.SaveState()[0].Value.As<float>().ToArray());

        using var other = new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3), new Conv2d(3, 1, 1));
        float[] before = other.SaveState()[0].Value.As<float>().ToArray();
        CheckpointException e = Assert.Throws<CheckpointException>(() => ModuleLoading.Load(other, new StateDict(source.SaveState()), "a.pth"));
        Assert.Contains("2.weight", e.Message);
        Assert.Equal(before, other.SaveState()[0].Value.As<float>().ToArray());
    }

    [Fact]
    public void A_backbone_takes_classification_weights_without_their_classifier_and_detector_weights_by_prefix()
    {
        using var backbone = new Sequential(new Conv2d(2, 3, 3));
        StoredTensor weight = backbone.Layers[0].SaveState()[0].Value, bias = backbone.Layers[0].SaveState()[1].Value;
        string folder = Directory.CreateTempSubdirectory("retort-loading-").FullName;
        try
        {
            string classifier = Path.Combine(folder, "classifier.safetensors"), detector = Path.Combine(folder, "detector.safetensors");
            SafetensorsFile.Write(classifier, new Dictionary<string, StoredTensor> { ["0.weight"] = weight, ["0.bias"] = bias, ["fc.weight"] = bias });
            SafetensorsFile.Write(detector, new Dictionary<string, StoredTensor> { ["backbone.0.weight"] = weight, ["backbone.0.bias"] = bias, ["neck.weight"] = bias });
            foreach (string file in new[] { classifier, detector })
            {
                Initialization.Constant(((Conv2d)backbone.Layers[0]).Weight, 0);
                ModuleLoading.LoadBackbone(backbone, file);
                Assert.Equal(weight.As<float>().ToArray(), ((Conv2d)backbone.Layers[0]).Weight.ToArray<float>());
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}

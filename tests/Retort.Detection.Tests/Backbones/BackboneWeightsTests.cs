using Retort.Detection.Backbones;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Detection.Tests.Backbones;

public class BackboneWeightsTests
{
    [Fact]
    public void A_backbone_takes_classification_weights_without_their_classifier_and_detector_weights_by_prefix()
    {
        using var backbone = new Sequential(new Conv2d(2, 3, 3));
        StoredTensor weight = backbone.Layers[0].SaveState()[0].Value, bias = backbone.Layers[0].SaveState()[1].Value;
        string folder = Directory.CreateTempSubdirectory("retort-loading-").FullName;
        try
        {
            string classifier = Path.Combine(folder, "classifier.safetensors"), detector = Path.Combine(folder, "detector.safetensors");
            SafetensorsFile.Write(classifier, new Dictionary<string, StoredTensor>
            {
                ["0.weight"] = weight,
                ["0.bias"] = bias,
                ["fc.weight"] = bias
            });
            SafetensorsFile.Write(detector, new Dictionary<string, StoredTensor>
            {
                ["backbone.0.weight"] = weight,
                ["backbone.0.bias"] = bias,
                ["neck.weight"] = bias
            });
            foreach (string file in new[] { classifier, detector })
            {
                Initialization.Constant(((Conv2d)backbone.Layers[0]).Weight, 0);
                BackboneWeights.Load(backbone, file);
                Assert.Equal(weight.As<float>().ToArray(), ((Conv2d)backbone.Layers[0]).Weight.ToArray<float>());
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}

using Retort.Core;
using Retort.Detection.Dense;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Recipes;
using Retort.Training.Weights;

namespace Retort.Training.Building;

/// <summary>
/// Turns the model part of a recipe into a detector. Each part has a builder of its own beside this one, which alone knows which option
/// means which part: one <c>switch</c> on an enum, one line a kind.
/// </summary>
public static class DetectorBuilder
{
    /// <summary>Composes a detector with fresh weights from the seeded generator.</summary>
    /// <exception cref="RetortException">An option is outside of what the part supports.</exception>
    public static DenseDetector Build(ModelOptions model, int classes)
    {
        DetectorParts parts = DetectorParts.Of(model.Detector);
        FeatureExtractor backbone = BackboneBuilder.Build(model.Backbone);
        FeatureExtractor neck = NeckBuilder.Build(model.Neck, backbone.Maps);
        int[] strides = [.. neck.Maps.Select(map => map.Stride)];
        return new DenseDetector(
            backbone,
            neck,
            parts.Head(model, classes),
            BoxCodingBuilder.Build(model),
            AssignerBuilder.Build(model, strides),
            parts.Criterion(model),
            PostProcessorBuilder.Build(model, strides));
    }

    /// <summary>Strides of a model's pyramid, pixels, finest first, without making the model.</summary>
    /// <param name="model">What the recipe says.</param>
    public static IReadOnlyList<int> Strides(ModelOptions model) =>
        [.. NeckBuilder.Maps(model.Neck, BackboneBuilder.Maps(model.Backbone)).Select(map => map.Stride)];

    /// <summary>Loads what the recipe names to start from: a whole detector's checkpoint, or pretrained weights of the backbone.</summary>
    /// <param name="detector">Where to.</param>
    /// <param name="model">What the recipe says.</param>
    /// <param name="store">Finds weights that have a name instead of a path.</param>
    /// <exception cref="CheckpointException">A file does not fit.</exception>
    /// <exception cref="RetortException">A file is not there.</exception>
    /// <exception cref="WeightsException">Named weights are not to be had.</exception>
    public static void LoadWeights(DenseDetector detector, ModelOptions model, WeightsStore store)
    {
        if (model.Backbone.Weights is { } pretrained)
        {
            string backbone = store.Resolve(pretrained);
            WeightsFile.Require(backbone, "model.backbone.weights", "name a file or published weights such as torchvision://resnet50; null starts from random ones");
            ModuleLoading.LoadBackbone(detector.Backbone, backbone);
        }

        if (model.Weights is { } named)
        {
            string whole = store.Resolve(named);
            WeightsFile.Require(whole, "model.weights", "name a checkpoint of the whole detector; null starts without one");
            using Checkpoint file = Checkpoint.Open(whole);
            DetectorWeights.Load(detector, file.StateDict, whole);
        }
    }
}

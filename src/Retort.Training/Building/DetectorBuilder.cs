using Retort.Detection.Dense;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>
/// Turns the model part of a recipe into a detector. Each part has a builder of its own beside this one, which alone knows which option
/// means which part: one <c>switch</c> on an enum, one line a kind.
/// </summary>
public static class DetectorBuilder
{
    /// <summary>Composes a detector with fresh weights from the seeded generator.</summary>
    /// <exception cref="InvalidDataException">An option is outside of what the part supports.</exception>
    public static DenseDetector Build(ModelOptions model, int classes)
    {
        FeatureExtractor backbone = BackboneBuilder.Build(model.Backbone);
        return new DenseDetector(
            backbone,
            NeckBuilder.Build(model.Neck, backbone.Channels),
            HeadBuilder.Build(model, classes),
            AssignerBuilder.Build(model),
            CriterionBuilder.Build(model),
            PostProcessorBuilder.Build(model));
    }

    /// <summary>Loads what the recipe names to start from: a whole detector's checkpoint, or pretrained weights of the backbone.</summary>
    /// <exception cref="CheckpointException">A file does not fit.</exception>
    public static void LoadWeights(DenseDetector detector, ModelOptions model)
    {
        if (model.Backbone.Weights is { } backbone)
        {
            ModuleLoading.LoadBackbone(detector.Backbone, backbone);
        }

        if (model.Weights is { } whole)
        {
            using Checkpoint file = Checkpoint.Open(whole);
            DetectorWeights.Load(detector, file.StateDict, whole);
        }
    }
}

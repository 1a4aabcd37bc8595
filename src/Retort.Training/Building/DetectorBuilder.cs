using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Layers;
using Retort.Detection.Necks;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Turns the model part of a recipe into a detector. The only place that knows which option means which part.</summary>
public static class DetectorBuilder
{
    /// <summary>Stride of the first pyramid level, pixels; every further level doubles it.</summary>
    private const int FirstStride = 8;

    /// <summary>Composes a detector with fresh weights from the seeded generator.</summary>
    /// <exception cref="InvalidDataException">An option is outside of what the part supports.</exception>
    public static DenseDetector Build(ModelOptions model, int classes)
    {
        int[] strides = [.. Enumerable.Range(0, model.Neck.Levels).Select(level => FirstStride << level)];
        FeatureExtractor backbone = Backbone(model.Backbone);
        FeatureExtractor neck = new FeaturePyramid(backbone.Channels, ToPyramid(model.Neck));
        return model.Detector switch
        {
            DetectorKind.Gfl => new DenseDetector(
                backbone,
                neck,
                new GflHead(ToGflHead(model, classes)),
                Assigner(model, strides),
                new GflCriterion(ToGflCriterion(model.Losses)),
                PostProcessor(model, strides)),
            _ => throw new ArgumentOutOfRangeException(nameof(model), model.Detector, "unknown detector"),
        };
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
            ModuleLoading.Load(detector, file.StateDict, whole);
        }
    }

    private static ResNet Backbone(BackboneOptions options) => options.Type switch
    {
        BackboneKind.Resnet => new ResNet(new ResNetOptions
        {
            Depth = options.Depth,
            Width = options.Width,
            Style = options.Style == BackboneStyle.Caffe ? ResNetStyle.Caffe : ResNetStyle.PyTorch,
            Norm = ToNorm(options.Norm),
            NormMode = options.NormMode switch
            {
                NormMode.Frozen => NormalizationMode.Frozen,
                NormMode.Eval => NormalizationMode.Evaluation,
                NormMode.Train => NormalizationMode.Trained,
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.NormMode, "unknown mode"),
            },
            FrozenStages = options.FrozenStages,
            ZeroInitialResidual = options.ZeroInitialResidual,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Type, "unknown backbone"),
    };

    private static FeaturePyramidOptions ToPyramid(NeckOptions options) => new()
    {
        Channels = options.Channels,
        Levels = options.Levels,
        Extra = options.ExtraConvs == ExtraConvolutions.OnInput ? ExtraLevels.OnInput : ExtraLevels.OnOutput,
        ReluBeforeExtra = options.ReluBeforeExtraConvs,
    };

    private static GflHeadOptions ToGflHead(ModelOptions model, int classes) => new()
    {
        Classes = classes,
        InChannels = model.Neck.Channels,
        TowerChannels = model.Head.Channels,
        TowerDepth = model.Head.StackedConvs,
        LastBin = model.Head.RegMax,
        Levels = model.Neck.Levels,
        NormGroups = model.Head.NormGroups,
    };

    private static GflOptions ToGflCriterion(LossOptions losses) => new()
    {
        QualityBeta = losses.Classification.Beta,
        ClassificationWeight = losses.Classification.Weight,
        BoxLoss = losses.Box.Type switch
        {
            BoxLossKind.Giou => Detection.Losses.BoxLossKind.Giou,
            BoxLossKind.Diou => Detection.Losses.BoxLossKind.Diou,
            BoxLossKind.Ciou => Detection.Losses.BoxLossKind.Ciou,
            _ => throw new ArgumentOutOfRangeException(nameof(losses), losses.Box.Type, "unknown box loss"),
        },
        BoxWeight = losses.Box.Weight,
        DistributionWeight = losses.Distribution.Weight,
    };

    private static AtssAssigner Assigner(ModelOptions model, int[] strides) => model.Assigner.Type switch
    {
        AssignerKind.Atss => new AtssAssigner(
            PriorGenerator.Anchors(strides, model.Priors.OctaveBaseScale, model.Priors.ScalesPerOctave, model.Priors.Ratios), model.Assigner.TopK),
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.Assigner.Type, "unknown assigner"),
    };

    private static DistributionPostProcessor PostProcessor(ModelOptions model, int[] strides) => new(
        new DistributionGeometry { Strides = strides, AnchorsPerCell = model.Priors.PerCell },
        new Detection.PostProcessing.PostProcessingOptions
        {
            ScoreThreshold = model.PostProcessing.ScoreThreshold,
            CandidatesPerLevel = model.PostProcessing.NmsPre,
            MaxDetections = model.PostProcessing.MaxPerImage,
            Suppression = model.PostProcessing.Nms.Type switch
            {
                NmsKind.Nms => new GreedyNms(model.PostProcessing.Nms.Iou),
                _ => throw new ArgumentOutOfRangeException(nameof(model), model.PostProcessing.Nms.Type, "unknown suppression"),
            },
        });

    private static NormalizationKind ToNorm(NormKind kind) => kind switch
    {
        NormKind.Batch => NormalizationKind.Batch,
        NormKind.Group => NormalizationKind.Group,
        NormKind.None => NormalizationKind.None,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown normalisation"),
    };
}

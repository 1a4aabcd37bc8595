using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Layers;
using Retort.Detection.Necks;
using Retort.Torch.Modules;

namespace Retort.Detection.Tests.Networks;

/// <summary>Backbone, neck and head under the names that whole detectors give them, without assigner and losses.</summary>
internal sealed class Network : Module
{
    public Network(ResNetOptions backbone, DistributionHeadOptions head)
        : this(new ResNet(backbone), head, backbone.FirstLevel == 2 ? 1 : 0)
    {
    }

    public Network(FeatureExtractor backbone, DistributionHeadOptions head, int startLevel = 1)
        : this(backbone, head, new FeaturePyramidOptions { StartLevel = startLevel })
    {
    }

    public Network(FeatureExtractor backbone, DistributionHeadOptions head, FeaturePyramidOptions neck)
    {
        Backbone = Register("backbone", backbone);
        Neck = Register("neck", new FeaturePyramid(Backbone.Maps, neck));
        Head = Register("bbox_head", new DistributionHead(head));
        To(TestDevice.Current);
    }

    public FeatureExtractor Backbone { get; }

    public FeatureExtractor Neck { get; }

    public DenseHead Head { get; }

    /// <summary>What the head of a detector is made with, by the detector's name in the golden files.</summary>
    public static DistributionHeadOptions HeadOptions(string detector) => detector switch
    {
        "gfl" => new DistributionHeadOptions(),
        "gflv2" => new QualityHeadOptions { BackgroundChannel = true },
        "atss" => new DistributionHeadOptions { Names = DistributionHeadNames.Atss },
        "fcos" => new DistributionHeadOptions { Names = DistributionHeadNames.Fcos },
        "retina" => new DistributionHeadOptions
        {
            Names = DistributionHeadNames.Retina,
            AnchorsPerCell = 9,
            Norm = NormalizationKind.None,
            LevelScales = false
        },
        _ => throw new ArgumentOutOfRangeException(nameof(detector), detector, "unknown detector"),
    };

    /// <summary>What the neck of a detector is made with, by the detector's name in the golden files.</summary>
    public static FeaturePyramidOptions NeckOptions(string detector) => detector switch
    {
        "fcos" => new FeaturePyramidOptions { ReluBeforeExtraConvs = true },
        "retina" => new FeaturePyramidOptions { ExtraConvs = ExtraLevels.OnInput },
        _ => new FeaturePyramidOptions(),
    };
}

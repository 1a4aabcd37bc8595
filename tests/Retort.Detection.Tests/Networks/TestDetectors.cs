using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Torch.Modules;

namespace Retort.Detection.Tests.Networks;

/// <summary>Backbone, neck and head under the names that whole detectors give them, without assigner and losses.</summary>
internal sealed class GflNetwork : Module
{
    public GflNetwork(ResNetOptions backbone, int classes = 80)
    {
        Backbone = Register("backbone", new ResNet(backbone));
        Neck = Register("neck", new FeaturePyramid(Backbone.Channels, new FeaturePyramidOptions { StartLevel = backbone.FirstLevel == 2 ? 1 : 0 }));
        Head = Register("bbox_head", new GflHead(new GflHeadOptions { Classes = classes }));
    }

    public FeatureExtractor Backbone { get; }

    public FeatureExtractor Neck { get; }

    public DenseHead Head { get; }
}

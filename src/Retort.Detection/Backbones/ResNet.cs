using Retort.Core.Options;
using Retort.Core;
using Retort.Detection.Dense;
using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>
/// Residual network (He et al. 2016) without its classifier: a stem and four stages. Its names are <c>conv1</c>, <c>bn1</c> (or
/// <c>stem</c>) and <c>layer1..4</c>, as in PyTorch's model zoo, so that those weights load. The family of its blocks makes it a ResNeXt or
/// a Res2Net.
/// </summary>
public sealed class ResNet : FeatureExtractor
{
    /// <summary>Stages behind the stem.</summary>
    internal const int Stages = 4;

    private const int FirstStride = 4;
    private readonly BackboneOptions _options;
    private readonly Layer[] _stem;
    private readonly Sequential[] _stages = new Sequential[Stages];

    /// <summary>Builds the network with fresh weights: Kaiming-normal convolutions, unit gains.</summary>
    /// <param name="options">Settings; their type decides on the family of the blocks.</param>
    /// <exception cref="OptionException">A setting is out of its range.</exception>
    public ResNet(BackboneOptions options)
    {
        // Before anything is made, because a constructor that throws frees nothing.
        OptionRules.Check(options);
        BlockFamily family = options.Family;
        _options = options;
        Maps = MapsOf(options);
        int channels = _options.Planes(0);
        _stem = options.DeepStem ? DeepStem(channels) : PlainStem(channels);
        int[] blocks = BlockCounts(options.Depth);
        for (int k = 0; k < Stages; k++)
        {
            _stages[k] = Register($"layer{k + 1}", BuildStage(family, k, blocks[k], channels));
            channels = _options.Planes(k) * family.Expansion;
        }

        ApplyNormalizationMode();
        Freeze();
        Train();
    }

    /// <summary>The maps that a network with these settings gives, finest first, without building it.</summary>
    /// <param name="options">Settings.</param>
    public static IReadOnlyList<FeatureMap> MapsOf(BackboneOptions options)
    {
        int expansion = options.Family.Expansion, first = options.FirstLevel - 2;
        return [.. Enumerable.Range(first, Stages - first)
            .Select(stage => new FeatureMap(options.Planes(stage) * expansion, FirstStride << stage))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureMap> Maps { get; }

    /// <summary>C2..C5 (or from <see cref="BackboneOptions.FirstLevel"/>), strides 4 to 32, of one image batch [N, 3, H, W].</summary>
    public override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs)
    {
        using var scope = new TensorScope();
        Tensor map = inputs[0];
        foreach (Layer layer in _stem)
        {
            map = layer.Forward(map);
        }

        map = Functional.MaxPool2d(map.ReluInPlace(), 3, 2, 1);
        var outputs = new List<Tensor>(Stages);
        for (int k = 0; k < Stages; k++)
        {
            map = _stages[k].Forward(map);
            if (k + 2 >= _options.FirstLevel)
            {
                outputs.Add(map);
            }
        }

        outputs.ForEach(output => scope.Keep(output));
        return outputs;
    }

    /// <summary>Chooses the mode of what is not frozen; frozen stages stay in evaluation mode.</summary>
    public override void Train(bool training = true)
    {
        base.Train(training);
        foreach (Module frozen in FrozenParts())
        {
            frozen.Train(false);
        }
    }

    private Layer[] PlainStem(int channels) =>
    [
        Register("conv1", new Conv2d(3, channels, 7, 2, 3, bias: false)),
        Register(Normalizations.Name(_options.Norm) + "1", Normalizations.Create(_options.Norm, channels)),
    ];

    // Convolutions, normalisations and ReLUs are numbered together; the last ReLU is the caller's.
    private Layer[] DeepStem(int channels) =>
    [
        Register("stem", new Sequential(
            new Conv2d(3, channels / 2, 3, 2, 1, bias: false),
            Normalizations.Create(_options.Norm, channels / 2),
            new Relu(),
            new Conv2d(channels / 2, channels / 2, 3, 1, 1, bias: false),
            Normalizations.Create(_options.Norm, channels / 2),
            new Relu(),
            new Conv2d(channels / 2, channels, 3, 1, 1, bias: false),
            Normalizations.Create(_options.Norm, channels))),
    ];

    private static int[] BlockCounts(int depth) => depth switch
    {
        18 => [2, 2, 2, 2],
        34 or 50 => [3, 4, 6, 3],
        _ => [3, 4, 23, 3],
    };

    private Sequential BuildStage(BlockFamily family, int stage, int count, int inChannels)
    {
        var blocks = new ResidualBlock[count];
        int planes = _options.Planes(stage);
        for (int k = 0; k < count; k++)
        {
            int stride = k == 0 && stage > 0 ? 2 : 1;
            int channels = k == 0 ? inChannels : planes * family.Expansion;
            blocks[k] = family.Build(new BlockSpecification(
                stage + 1, k, channels, planes, family.Width(planes), stride, _options.Style, _options.Norm, _options.AverageDown,
                    _options.DeformableIn(stage)));
            if (_options.ZeroInitialResidual)
            {
                Initialization.Constant(blocks[k].LastNorm.NamedParameters().First(p => p.Name == "weight").Tensor, 0);
            }
        }

        return new Sequential(blocks);
    }

    private void ApplyNormalizationMode()
    {
        foreach ((_, Module module) in NamedModules())
        {
            if (module is BatchNorm2d batchNorm)
            {
                batchNorm.StatisticsFrozen = _options.NormMode != NormalizationMode.Train;
            }

            if (module is BatchNorm2d or GroupNorm && _options.NormMode == NormalizationMode.Frozen)
            {
                module.SetRequiresGrad(false);
            }
        }
    }

    private void Freeze()
    {
        foreach (Module frozen in FrozenParts())
        {
            frozen.SetRequiresGrad(false);
        }
    }

    private IEnumerable<Module> FrozenParts()
    {
        if (_options.FrozenStages < 0)
        {
            return [];
        }

        return [.. _stem, .. _stages.Take(_options.FrozenStages)];
    }
}

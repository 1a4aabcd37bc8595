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
    private const int Stages = 4;
    private const int FirstStride = 4;
    private readonly ResNetOptions _options;
    private readonly Layer[] _stem;
    private readonly Sequential[] _stages = new Sequential[Stages];

    /// <summary>Builds the network with fresh weights: Kaiming-normal convolutions, unit gains.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="family">The blocks; by default those that go with the depth.</param>
    /// <exception cref="RetortException">A setting is out of its range, or the blocks are not for this depth.</exception>
    public ResNet(ResNetOptions options, BlockFamily? family = null)
    {
        family ??= UsualFamily(options);

        // Before anything is made, because a constructor that throws frees nothing.
        Check(options, family);
        _options = options;
        Maps = MapsOf(options, family);
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

    /// <summary>Finds out whether a network can be built with these settings, without building it.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="family">The blocks; by default those that go with the depth.</param>
    /// <exception cref="RetortException">It cannot; the message says why.</exception>
    public static void Check(ResNetOptions options, BlockFamily? family = null)
    {
        options.Validate();
        family ??= UsualFamily(options);
        if (family.Expansion > 1 != options.Depth >= 50)
        {
            throw new RetortException($"a backbone of depth {options.Depth} cannot have this family of blocks; ResNeXt and Res2Net have depth 50 or 101");
        }

        for (int stage = 0; stage < Stages; stage++)
        {
            int width = family.Width(options.Planes(stage)), groups = options.DeformableIn(stage)?.Groups ?? 1;
            if (width < 1 || width % groups != 0)
            {
                throw new RetortException(width < 1
                    ? $"stage {stage + 1} of the backbone has no channels left; raise its width or base width"
                    : $"the {groups} groups of deformable convolutions do not divide the {width} channels of stage {stage + 1}; take a number that divides them");
            }
        }
    }

    /// <summary>The maps that a network with these settings gives, finest first, without building it.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="family">The blocks; by default those that go with the depth.</param>
    public static IReadOnlyList<FeatureMap> MapsOf(ResNetOptions options, BlockFamily? family = null)
    {
        int expansion = (family ?? UsualFamily(options)).Expansion, first = options.FirstLevel - 2;
        return [.. Enumerable.Range(first, Stages - first).Select(stage => new FeatureMap(options.Planes(stage) * expansion, FirstStride << stage))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureMap> Maps { get; }

    /// <summary>C2..C5 (or from <see cref="ResNetOptions.FirstLevel"/>), strides 4 to 32, of one image batch [N, 3, H, W].</summary>
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

    private static BlockFamily UsualFamily(ResNetOptions options) => options.Depth < 50 ? BlockFamily.Basic : BlockFamily.Bottleneck;

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
                stage + 1, k, channels, planes, family.Width(planes), stride, _options.Style, _options.Norm, _options.AverageDown, _options.DeformableIn(stage)));
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

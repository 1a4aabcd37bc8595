using Retort.Core.Options;
using Retort.Core;
using Retort.Detection.Dense;
using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Necks;

/// <summary>What the extra, coarser levels of a <see cref="FeaturePyramid"/> are computed from.</summary>
public enum ExtraLevels
{
    /// <summary>The backbone's coarsest map (RetinaNet).</summary>
    OnInput,

    /// <summary>The pyramid's own coarsest map (GFL, ATSS, FCOS).</summary>
    OnOutput,
}

/// <summary>What turns the backbone's maps into a pyramid.</summary>
[Kind("fpn", typeof(FeaturePyramidOptions))]
public abstract record NeckOptions
{
    /// <summary>Channels of every level.</summary>
    [Within(8, 4096)]
    public int Channels { get; init; } = 256;

    /// <summary>Levels of the pyramid: the first is P3, at an eighth of the image.</summary>
    [Within(3, 6)]
    public int Levels { get; init; } = 5;
}

/// <summary>Feature Pyramid Network (Lin et al., 2017).</summary>
public sealed record FeaturePyramidOptions : NeckOptions
{
    /// <summary>What the levels above P5 are computed from.</summary>
    public ExtraLevels ExtraConvs { get; init; } = ExtraLevels.OnOutput;

    /// <summary>Whether there is a ReLU before each of those levels but the first (FCOS).</summary>
    public bool ReluBeforeExtraConvs { get; init; }

    /// <summary>The first input that is used: 1 leaves out C2 of C2..C5; 0 uses all.</summary>
    [CodeOnly]
    [Within(0, 3)]
    public int StartLevel { get; init; } = 1;
}

/// <summary>
/// Feature pyramid (Lin et al. 2017): 1x1 lateral convolutions, a top-down path of nearest-neighbour upsampling, a 3x3 convolution
/// on each level, and extra levels by 3x3 convolutions of stride 2. Names: <c>lateral_convs.N.conv</c>, <c>fpn_convs.N.conv</c>.
/// </summary>
public sealed class FeaturePyramid : FeatureExtractor
{
    private readonly FeaturePyramidOptions _options;
    private readonly ModuleList<ConvolutionUnit> _lateral;
    private readonly ModuleList<ConvolutionUnit> _output;

    /// <summary>Builds the pyramid with Xavier-uniform weights and zero biases.</summary>
    /// <param name="inputs">The backbone's maps, finest first.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="RetortException">The levels do not fit the inputs.</exception>
    public FeaturePyramid(IReadOnlyList<FeatureMap> inputs, FeaturePyramidOptions options)
    {
        int used = inputs.Count - options.StartLevel;
        OptionRules.Check(options);
        if (used < 1 || options.Levels < used)
        {
            throw new RetortException(
                $"a feature pyramid of {options.Levels} levels and {options.Channels} channels cannot start at input "
                    + $"{options.StartLevel} of {inputs.Count}");
        }

        _options = options;
        Maps = MapsOf(inputs, options);
        int channels = options.Channels;
        _lateral = Register("lateral_convs", new ModuleList<ConvolutionUnit>(
            inputs.Skip(options.StartLevel).Select(map => new ConvolutionUnit(map.Channels, channels, 1))));
        int firstExtra = options.ExtraConvs == ExtraLevels.OnInput ? inputs[^1].Channels : channels;
        _output = Register("fpn_convs", new ModuleList<ConvolutionUnit>(Enumerable.Range(0, options.Levels).Select(k => k < used
            ? new ConvolutionUnit(channels, channels, 3)
            : new ConvolutionUnit(k == used ? firstExtra : channels, channels, 3, stride: 2))));
        foreach ((_, Module module) in NamedModules())
        {
            if (module is Conv2d convolution)
            {
                Initialization.XavierUniform(convolution.Weight);
            }
        }
    }

    /// <summary>
    /// The maps that a pyramid with these settings gives, finest first, without building it: each level doubles the stride of the one
    /// before.
    /// </summary>
    /// <param name="inputs">The backbone's maps, finest first.</param>
    /// <param name="options">Settings.</param>
    public static IReadOnlyList<FeatureMap> MapsOf(IReadOnlyList<FeatureMap> inputs, FeaturePyramidOptions options) =>
        [.. Enumerable.Range(0, options.Levels)
            .Select(level => new FeatureMap(options.Channels, inputs[options.StartLevel].Stride << level))];

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureMap> Maps { get; }

    /// <summary>The backbone's maps [N, C, H, W] to pyramid maps [N, channels, H, W], finest first (P3..P7).</summary>
    public override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs)
    {
        using var scope = new TensorScope();
        var outputs = new List<Tensor>(_options.Levels);
        foreach (Tensor merged in TopDown(inputs))
        {
            outputs.Add(_output[outputs.Count].Forward(merged));
        }

        AddExtraLevels(inputs[^1], outputs);
        outputs.ForEach(output => scope.Keep(output));
        return outputs;
    }

    private Tensor[] TopDown(IReadOnlyList<Tensor> inputs)
    {
        var merged = new Tensor[_lateral.Count];
        for (int k = merged.Length - 1; k >= 0; k--)
        {
            merged[k] = _lateral[k].Forward(inputs[k + _options.StartLevel]);
            if (k + 1 < merged.Length)
            {
                merged[k].AddInPlace(Functional.UpsampleNearest(merged[k + 1], merged[k].Size(2), merged[k].Size(3)));
            }
        }

        return merged;
    }

    private void AddExtraLevels(Tensor coarsestInput, List<Tensor> outputs)
    {
        int firstExtra = outputs.Count;
        while (outputs.Count < _output.Count)
        {
            bool first = outputs.Count == firstExtra;
            Tensor source = first && _options.ExtraConvs == ExtraLevels.OnInput ? coarsestInput : outputs[^1];
            outputs.Add(_output[outputs.Count].Forward(_options.ReluBeforeExtraConvs && !first ? source.Relu() : source));
        }
    }
}

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

/// <summary>Settings of a <see cref="FeaturePyramid"/>.</summary>
public sealed record FeaturePyramidOptions
{
    /// <summary>Channels of every map that is given; at least 1.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Number of maps that are given, at least the number of inputs that are used.</summary>
    public int Levels { get; init; } = 5;

    /// <summary>The first input that is used: 1 leaves out C2 of C2..C5; 0 uses all.</summary>
    public int StartLevel { get; init; } = 1;

    /// <summary>What the extra levels are computed from.</summary>
    public ExtraLevels Extra { get; init; } = ExtraLevels.OnOutput;

    /// <summary>ReLU before each extra level's convolution but the first (FCOS).</summary>
    public bool ReluBeforeExtra { get; init; }
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
        if (options.StartLevel < 0 || used < 1 || options.Levels < used || options.Channels < 1)
        {
            throw new RetortException(
                $"a feature pyramid of {options.Levels} levels and {options.Channels} channels cannot start at input {options.StartLevel} of {inputs.Count}");
        }

        _options = options;
        Maps = MapsOf(inputs, options);
        int channels = options.Channels;
        _lateral = Register("lateral_convs", new ModuleList<ConvolutionUnit>(
            inputs.Skip(options.StartLevel).Select(map => new ConvolutionUnit(map.Channels, channels, 1))));
        int firstExtra = options.Extra == ExtraLevels.OnInput ? inputs[^1].Channels : channels;
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

    /// <summary>The maps that a pyramid with these settings gives, finest first, without building it: each level doubles the stride of the one before.</summary>
    /// <param name="inputs">The backbone's maps, finest first.</param>
    /// <param name="options">Settings.</param>
    public static IReadOnlyList<FeatureMap> MapsOf(IReadOnlyList<FeatureMap> inputs, FeaturePyramidOptions options) =>
        [.. Enumerable.Range(0, options.Levels).Select(level => new FeatureMap(options.Channels, inputs[options.StartLevel].Stride << level))];

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
            Tensor source = first && _options.Extra == ExtraLevels.OnInput ? coarsestInput : outputs[^1];
            outputs.Add(_output[outputs.Count].Forward(_options.ReluBeforeExtra && !first ? source.Relu() : source));
        }
    }
}

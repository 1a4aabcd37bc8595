using Retort.Core.Geometry;
using Retort.Core.Options;

namespace Retort.Vision.Transforms;

/// <summary>How the size of a training image is chosen.</summary>
public enum ScaleMode
{
    /// <summary>There is one size.</summary>
    Single,

    /// <summary>One of the sizes, each as likely.</summary>
    Values,

    /// <summary>Between two sizes: each side uniformly between its two numbers.</summary>
    Range,
}

/// <summary>The order of the colour channels.</summary>
public enum ColorOrder
{
    /// <summary>Red, green, blue: what torchvision's backbones expect.</summary>
    Rgb,

    /// <summary>Blue, green, red: what Caffe's backbones expect.</summary>
    Bgr,
}

/// <summary>How an image becomes the input of the network: rotate, rescale, flip, normalise, pad, in this order.</summary>
public sealed record PipelineOptions : IOptionsTogether
{
    private const int Channels = 3;

    /// <summary>
    /// The sizes to resize to: the longer and the shorter side of an image fit into the larger and the smaller number, and keep their
    /// ratio.
    /// </summary>
    [Within(1, 16384)]
    [Affects(Effect.Prediction)]
    public IReadOnlyList<ImageSize> Scales { get; init; } = [new(1333, 800)];

    /// <summary>How a size is chosen from <see cref="Scales"/> in training.</summary>
    [Affects(Effect.Prediction)]
    public ScaleMode Mode { get; init; } = ScaleMode.Single;

    /// <summary>The size for evaluation and prediction. Default: the largest of <see cref="Scales"/>.</summary>
    [Within(1, 16384)]
    [Affects(Effect.Prediction)]
    public ImageSize? EvaluationScale { get; init; }

    /// <summary>The probability of mirroring an image left to right in training.</summary>
    [Within(0, 1)]
    [Affects(Effect.Training)]
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>
    /// The probability of mirroring an image top to bottom in training; an image is mirrored in one way at most, so the three probabilities
    /// add up to at most 1.
    /// </summary>
    [Within(0, 1)]
    [Affects(Effect.Training)]
    public double FlipVerticalProbability { get; init; }

    /// <summary>The probability of mirroring an image both ways in training.</summary>
    [Within(0, 1)]
    [Affects(Effect.Training)]
    public double FlipDiagonalProbability { get; init; }

    /// <summary>
    /// Rotated boxes: where their centres go when an image is mirrored: with the pixels, or a pixel beside them as in the authors' code.
    /// </summary>
    [Affects(Effect.Training)]
    public MirrorRule RotatedCentres { get; init; } = MirrorRule.Exact;

    /// <summary>The probability of rotating an image about its centre in training; for rotated boxes.</summary>
    [Within(0, 1)]
    [Affects(Effect.Training)]
    public double RotationProbability { get; init; }

    /// <summary>Images are rotated by up to this many degrees, either way.</summary>
    [Within(0, 180)]
    [Affects(Effect.Training)]
    public double RotationDegrees { get; init; } = 180;

    /// <summary>What is subtracted from each channel, in the order of <see cref="ColorOrder"/>, for pixels of 0 to 255.</summary>
    [Within(0, 255)]
    public IReadOnlyList<double> Mean { get; init; } = [123.675, 116.28, 103.53];

    /// <summary>What each channel is divided by after that.</summary>
    [Within(0, 1024, Above = true)]
    public IReadOnlyList<double> Std { get; init; } = [58.395, 57.12, 57.375];

    /// <summary>The order of the channels.</summary>
    public ColorOrder ColorOrder { get; init; } = ColorOrder.Rgb;

    /// <summary>Batches are padded at the right and at the bottom to a multiple of this.</summary>
    [Within(1, 1024)]
    [Affects(Effect.Prediction)]
    public int PadDivisor { get; init; } = 32;

    /// <summary>How the data set describes rotated boxes, which stay so; without effect on upright boxes.</summary>
    [CodeOnly]
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>The size for evaluation and prediction, given or inferred.</summary>
    public ImageSize EffectiveEvaluationScale => EvaluationScale ?? Scales.MaxBy(s => (long)s.Width * s.Height);

    /// <summary>Whether other options give the same numbers for a pixel, so that networks of both can look at one image.</summary>
    /// <param name="other">The other options.</param>
    public bool PreparesAs(PipelineOptions other) =>
        ColorOrder == other.ColorOrder && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <summary>The same without random choices: the size for evaluation, no flips and no rotation.</summary>
    public PipelineOptions ForEvaluation() => this with
    {
        Scales = [EffectiveEvaluationScale],
        Mode = ScaleMode.Single,
        FlipProbability = 0,
        FlipVerticalProbability = 0,
        FlipDiagonalProbability = 0,
        RotationProbability = 0,
    };

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        int expected = Mode switch { ScaleMode.Single => 1, ScaleMode.Range => 2, _ => Math.Max(1, Scales.Count) };
        if (Scales.Count != expected)
        {
            problems.Refuse("scales", $"{problems.Name("mode")} is {OptionNames.Value(Mode)}, so {problems.Name("scales")} needs "
                + $"{expected} size{(expected == 1 ? "" : "s")}, but it has {Scales.Count}");
        }

        if (FlipProbability + FlipVerticalProbability + FlipDiagonalProbability > 1 + 1e-9)
        {
            problems.Refuse(
                "flipProbability",
                $"{problems.Name("flipProbability")}, {problems.Name("flipVerticalProbability")} and "
                    + $"{problems.Name("flipDiagonalProbability")} add up to more than 1; "
                + "an image is mirrored in one way at most");
        }

        if (Mean.Count != Channels)
        {
            problems.Refuse("mean", $"{problems.Name("mean")} needs three numbers, one a channel");
        }

        if (Std.Count != Channels)
        {
            problems.Refuse("std", $"{problems.Name("std")} needs three numbers, one a channel");
        }
    }

    /// <summary>Makes the random choices for one image.</summary>
    /// <param name="original">Size of the image file.</param>
    /// <param name="random">The generator of this sample.</param>
    public SampleGeometry Plan(ImageSize original, SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ImageSize resized = ChooseScale(random).Fit(original);
        (bool horizontal, bool vertical) = ChooseFlips(random);
        return new SampleGeometry(original, resized, resized.RoundUp(PadDivisor), horizontal, vertical)
        {
            Rotation = ChooseRotation(random),
            Angles = Angles,
            RotatedCentres = RotatedCentres,
        };
    }

    private ImageScale ChooseScale(SampleRandom random)
    {
        if (Scales.Count == 1)
        {
            return ImageScale.Of(Scales[0]);
        }

        if (Mode == ScaleMode.Values)
        {
            return ImageScale.Of(Scales[random.NextInt(0, Scales.Count)]);
        }

        ImageScale[] ends = [.. Scales.Select(ImageScale.Of)];
        return new ImageScale(
            random.NextInt(ends.Min(s => s.LongEdge), ends.Max(s => s.LongEdge) + 1),
            random.NextInt(ends.Min(s => s.ShortEdge), ends.Max(s => s.ShortEdge) + 1));
    }

    private (bool Horizontal, bool Vertical) ChooseFlips(SampleRandom random)
    {
        double draw = random.NextDouble();
        bool horizontal = draw < FlipProbability;
        bool vertical = !horizontal && draw < FlipProbability + FlipVerticalProbability;
        bool diagonal = !horizontal && !vertical && draw < FlipProbability + FlipVerticalProbability + FlipDiagonalProbability;
        return (horizontal || diagonal, vertical || diagonal);
    }

    // Radians, clockwise. Nothing is drawn if the probability is 0, so that other choices stay what they were.
    private double ChooseRotation(SampleRandom random) => RotationProbability > 0 && random.NextDouble() < RotationProbability
        ? ((2 * random.NextDouble()) - 1) * RotationDegrees * Math.PI / 180
        : 0;
}

using Retort.Core.Options;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Training.Recipes;

/// <summary>How an image becomes the input of the network.</summary>
public sealed record InputOptions
{
    /// <summary>The sizes to resize to: the longer and the shorter side of an image fit into the larger and the smaller number, and keep their ratio.</summary>
    [Within(1, 16384)]
    public IReadOnlyList<ImageSize> Scales { get; init; } = [new(1333, 800)];

    /// <summary>How a size is chosen from <see cref="Scales"/> in training.</summary>
    public ScaleMode Mode { get; init; } = ScaleMode.Single;

    /// <summary>The size to measure and predict at. Default: the largest of <see cref="Scales"/>.</summary>
    [Within(1, 16384)]
    public ImageSize? EvaluationScale { get; init; }

    /// <summary>The probability of mirroring an image left to right in training.</summary>
    [Within(0, 1)]
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>The probability of mirroring an image top to bottom in training; it is never mirrored in two ways, so the three add up to at most 1.</summary>
    [Within(0, 1)]
    public double FlipVerticalProbability { get; init; }

    /// <summary>The probability of mirroring an image both ways in training.</summary>
    [Within(0, 1)]
    public double FlipDiagonalProbability { get; init; }

    /// <summary>Where the centres of rotated boxes go when an image is mirrored: where the pixels go, or a pixel beside it as in the authors' code.</summary>
    public MirrorRule RotatedCentres { get; init; } = MirrorRule.Exact;

    /// <summary>The probability of rotating an image about its middle in training; for rotated boxes.</summary>
    [Within(0, 1)]
    public double RotationProbability { get; init; }

    /// <summary>Images are rotated by up to this many degrees, either way.</summary>
    [Within(0, 180)]
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
    public int PadDivisor { get; init; } = 32;

    /// <summary>The size to measure and predict at, given or inferred.</summary>
    public ImageSize EffectiveEvaluationScale => EvaluationScale ?? Scales.MaxBy(s => (long)s.Width * s.Height);

    /// <summary>Whether another recipe makes the same numbers of a pixel, so that networks of both can look at one image.</summary>
    public bool PreparesAs(InputOptions other) => ColorOrder == other.ColorOrder && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);
}

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

/// <summary>How images are put together into batches.</summary>
public sealed record LoaderOptions
{
    /// <summary>Images a step, over all devices.</summary>
    [Within(1, 4096)]
    public int BatchSize { get; init; } = 4;

    /// <summary>Images a step when measuring.</summary>
    [Within(1, 4096)]
    public int EvaluationBatchSize { get; init; } = 1;

    /// <summary>Threads that prepare images; 0 takes as many as there are cores. Does not change the order of images.</summary>
    [Within(0, 256)]
    public int Workers { get; init; }

    /// <summary>Batches prepared ahead.</summary>
    [Within(1, 64)]
    public int Prefetch { get; init; } = 2;

    /// <summary>Whether a batch has only wide or only tall images, which saves padding.</summary>
    public bool AspectGrouping { get; init; } = true;

    /// <summary>Whether images without any box are left out of training. Those that have only crowds or difficult objects stay, as background.</summary>
    public bool FilterEmpty { get; init; } = true;

    /// <summary>What becomes of an image that cannot be read, or has another size than annotated. Left out in measuring, its objects count as not found.</summary>
    public UnreadableImage Unreadable { get; init; } = UnreadableImage.Fail;
}

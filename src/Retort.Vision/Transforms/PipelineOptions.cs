using Retort.Core.Geometry;

namespace Retort.Vision.Transforms;

/// <summary>What happens to an image and its boxes on the way into a batch: rotate, rescale, flip, normalise, pad, in this order.</summary>
public sealed record PipelineOptions
{
    private const int MaxDivisor = 1024;

    /// <summary>The keep-ratio rescale. Default: 1333x800.</summary>
    public RescaleOptions Rescale { get; init; } = new();

    /// <summary>Random mirroring. Default: left to right for half of the images.</summary>
    public FlipOptions Flip { get; init; } = new();

    /// <summary>Random rotation. Default: none.</summary>
    public RotationOptions Rotation { get; init; } = RotationOptions.None;

    /// <summary>How the data set describes rotated boxes, which stay so. Default: <see cref="AngleConvention.Oc"/>; without effect on horizontal boxes.</summary>
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>Statistics of pixel values. Default: those of ImageNet, RGB.</summary>
    public NormalizeOptions Normalize { get; init; } = new();

    /// <summary>Sides are padded at the right and the bottom to a multiple of this, 1 to 1024. Default: 32, the coarsest backbone stride.</summary>
    public int SizeDivisor { get; init; } = 32;

    /// <summary>The same without random choices: the largest scale, no flips and no rotation.</summary>
    public PipelineOptions ForEvaluation() => this with
    {
        Rescale = new RescaleOptions { Scales = [Rescale.Largest] },
        Flip = FlipOptions.None,
        Rotation = RotationOptions.None,
    };

    /// <summary>Checks the ranges of all parts.</summary>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public void Validate()
    {
        Rescale.Validate();
        Flip.Validate();
        Rotation.Validate();
        Normalize.Validate();
        InvalidOptionException.ThrowUnless(Enum.IsDefined(Angles), "angles", Angles, "oc, le90 or le135");
        InvalidOptionException.ThrowUnless(SizeDivisor is >= 1 and <= MaxDivisor, "size_divisor", SizeDivisor, $"between 1 and {MaxDivisor}");
    }

    /// <summary>Makes the random choices for one image.</summary>
    /// <param name="original">Size of the image file.</param>
    /// <param name="random">The generator of this sample.</param>
    public SampleGeometry Plan(ImageSize original, SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ImageSize resized = Rescale.Choose(random).Fit(original);
        (bool horizontal, bool vertical) = Flip.Choose(random);
        return new SampleGeometry(original, resized, resized.RoundUp(SizeDivisor), horizontal, vertical)
        {
            Rotation = Rotation.Choose(random),
            Angles = Angles,
            RotatedCentres = Flip.RotatedCentres,
        };
    }
}

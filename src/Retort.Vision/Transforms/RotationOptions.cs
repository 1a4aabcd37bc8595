namespace Retort.Vision.Transforms;

/// <summary>Random rotation of an image about its centre, for detectors of rotated boxes; the size stays, and what comes in from outside is black.</summary>
public sealed record RotationOptions
{
    /// <summary>No rotation.</summary>
    public static RotationOptions None { get; } = new();

    /// <summary>Probability of rotating an image, 0 to 1. Default: 0.</summary>
    public double Probability { get; init; }

    /// <summary>The angle is drawn between minus and plus this many degrees, 0 to 180. Default: 180.</summary>
    public double MaximumDegrees { get; init; } = 180;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public void Validate()
    {
        InvalidOptionException.ThrowUnless(Probability is >= 0 and <= 1, "rotation.probability", Probability, "a probability between 0 and 1");
        InvalidOptionException.ThrowUnless(MaximumDegrees is >= 0 and <= 180, "rotation.maximum_degrees", MaximumDegrees, "between 0 and 180 degrees");
    }

    /// <summary>Draws an angle in radians, with the clock; nothing is drawn where the probability is 0, so that other choices stay what they were.</summary>
    internal double Choose(SampleRandom random) => Probability > 0 && random.NextDouble() < Probability
        ? ((2 * random.NextDouble()) - 1) * MaximumDegrees * Math.PI / 180
        : 0;
}

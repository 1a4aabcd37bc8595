namespace Retort.Vision.Transforms;

/// <summary>Random mirroring; at most one of the three kinds happens to an image, so the probabilities add up to at most 1.</summary>
public sealed record FlipOptions
{
    /// <summary>No flips, as in evaluation.</summary>
    public static FlipOptions None { get; } = new() { Horizontal = 0 };

    /// <summary>Probability of mirroring left to right, 0 to 1. Default: 0.5.</summary>
    public double Horizontal { get; init; } = 0.5;

    /// <summary>Probability of mirroring top to bottom, 0 to 1. Default: 0.</summary>
    public double Vertical { get; init; }

    /// <summary>Probability of mirroring both ways, 0 to 1. Default: 0.</summary>
    public double Diagonal { get; init; }

    /// <summary>Where the centres of rotated boxes go; without effect on horizontal ones. Default: where the pixels go.</summary>
    public MirrorRule RotatedCentres { get; init; } = MirrorRule.Exact;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public void Validate()
    {
        InvalidOptionException.ThrowUnless(Horizontal is >= 0 and <= 1, "flip.horizontal", Horizontal, "a probability between 0 and 1");
        InvalidOptionException.ThrowUnless(Vertical is >= 0 and <= 1, "flip.vertical", Vertical, "a probability between 0 and 1");
        InvalidOptionException.ThrowUnless(Diagonal is >= 0 and <= 1, "flip.diagonal", Diagonal, "a probability between 0 and 1");
        InvalidOptionException.ThrowUnless(Enum.IsDefined(RotatedCentres), "flip.rotated_centres", RotatedCentres, "exact or reference");
        double sum = Horizontal + Vertical + Diagonal;
        InvalidOptionException.ThrowUnless(sum <= 1 + 1e-9, "flip", sum, "of probabilities that add up to at most 1");
    }

    /// <summary>Draws which flips happen.</summary>
    internal (bool Horizontal, bool Vertical) Choose(SampleRandom random)
    {
        double draw = random.NextDouble();
        bool horizontal = draw < Horizontal;
        bool vertical = !horizontal && draw < Horizontal + Vertical;
        bool diagonal = !horizontal && !vertical && draw < Horizontal + Vertical + Diagonal;
        return (horizontal || diagonal, vertical || diagonal);
    }
}

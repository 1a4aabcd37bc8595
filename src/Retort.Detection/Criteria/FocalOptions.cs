namespace Retort.Detection.Criteria;

/// <summary>Options of a focal loss of class scores; the defaults are those of the paper (Lin et al. 2017).</summary>
public sealed record FocalOptions
{
    /// <summary>Weight of the foreground, that of the background being 1 - alpha; in [0, 1].</summary>
    public double Alpha { get; init; } = 0.25;

    /// <summary>Exponent of the weighting, at least 0.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>Factor in the sum of all losses, at least 0.</summary>
    public double Weight { get; init; } = 1;
}

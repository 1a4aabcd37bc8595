using Retort.Detection.Geometry;
using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>How two Gaussian distributions are compared.</summary>
public enum GaussianDistance
{
    /// <summary>2-Wasserstein distance, squared (Yang et al. 2021, GWD, Eq. 3).</summary>
    Wasserstein,

    /// <summary>Kullback-Leibler divergence of the prediction from the target (Yang et al. 2021, KLD, Eq. 8).</summary>
    KullbackLeibler,

    /// <summary>Kullback-Leibler divergence of the target from the prediction.</summary>
    ReverseKullbackLeibler,

    /// <summary>Mean of the two.</summary>
    Jeffreys,

    /// <summary>The larger of the two.</summary>
    LargerKullbackLeibler,

    /// <summary>The smaller of the two.</summary>
    SmallerKullbackLeibler,

    /// <summary>Bhattacharyya distance.</summary>
    Bhattacharyya,
}

/// <summary>The function that bends a distance into a loss.</summary>
public enum DistanceMap
{
    /// <summary>ln(1 + d).</summary>
    Log1p,

    /// <summary>Square root.</summary>
    Sqrt,

    /// <summary>None.</summary>
    None,
}

/// <summary>Which Gaussian loss. The named ones are those of the published recipes.</summary>
public sealed record GaussianLossOptions
{
    /// <summary>GWD as published: the normalised root of the distance, ln(1 + d).</summary>
    public static GaussianLossOptions Gwd { get; } = new() { Distance = GaussianDistance.Wasserstein, Root = true, Normalized = true };

    /// <summary>KLD as its recipes were trained: twice the divergence of the prediction from the target, 1 - 1/(1 + ln(1 + d)).</summary>
    public static GaussianLossOptions Kld { get; } =
        new() { Distance = GaussianDistance.KullbackLeibler, Factor = 2, Tau = 1, Least = 1e-6 };

    /// <summary>The other published KLD: root of the divergence of the target from the prediction, 1 - 1/(1 + ln(1 + d)).</summary>
    public static GaussianLossOptions ReverseKld { get; } =
        new() { Distance = GaussianDistance.ReverseKullbackLeibler, Root = true, Tau = 1 };

    /// <summary>What is measured.</summary>
    public GaussianDistance Distance { get; init; }

    /// <summary>What the measure is multiplied by, above 0.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Smallest value of the measure, at least 0; below it there is no gradient.</summary>
    public double Least { get; init; }

    /// <summary>Whether its square root is taken.</summary>
    public bool Root { get; init; }

    /// <summary>
    /// Wasserstein only: whether the root is divided by twice the fourth root of the product of the areas (in deviations).
    /// </summary>
    public bool Normalized { get; init; }

    /// <summary>
    /// Weight of the difference of shapes against that of centres, above 0; as its square (Wasserstein), or the inverse of it for the
    /// centres.
    /// </summary>
    public double Alpha { get; init; } = 1;

    /// <summary>What becomes of the distance.</summary>
    public DistanceMap Map { get; init; } = DistanceMap.Log1p;

    /// <summary>At least 1: the loss is 1 - 1/(tau + distance); less: the distance itself.</summary>
    public double Tau { get; init; }
}

/// <summary>
/// Losses of rotated boxes that compare their Gaussian distributions, as pure functions. Other than in the published code the gradient is
/// zero, and not NaN, where a prediction equals its target.
/// </summary>
public static class GaussianBoxLoss
{
    // Roots of less are zero and have no gradient: that of the root of zero is infinite. Rounding in single precision leaves as much.
    private const double LeastUnderRoot = 1e-6;

    /// <summary>Loss of each box, float [K]; the caller weighs and reduces.</summary>
    /// <param name="predictions">Centre x, y, width, height, angle, pixels and radians, float [K, 5].</param>
    /// <param name="targets">Float [K, 5].</param>
    /// <param name="options">Which loss.</param>
    public static Tensor Rows(Tensor predictions, Tensor targets, GaussianLossOptions options)
    {
        (BoxGaussians p, BoxGaussians t) = (BoxGaussians.Of(predictions), BoxGaussians.Of(targets));
        Tensor distance = Measure(p, t, options) * options.Factor;
        distance = options.Least > 0 ? distance.Clamp(min: options.Least) : distance;
        distance = options.Root ? SafeRoot(distance) : distance;
        distance = options.Normalized ? distance / ((p.Root * t.Root).Clamp(min: LeastUnderRoot).Sqrt().Sqrt() * 2) : distance;
        Tensor mapped = options.Map switch
        {
            DistanceMap.Log1p => distance.Log1p(),
            DistanceMap.Sqrt => SafeRoot(distance),
            _ => distance,
        };
        return options.Tau >= 1 ? 1 - (mapped + options.Tau).Reciprocal() : mapped;
    }

    private static Tensor Measure(BoxGaussians p, BoxGaussians t, GaussianLossOptions options) => options.Distance switch
    {
        GaussianDistance.Wasserstein => Wasserstein(p, t, options.Alpha),
        GaussianDistance.KullbackLeibler => KullbackLeibler(p, t, options.Alpha),
        GaussianDistance.ReverseKullbackLeibler => KullbackLeibler(t, p, options.Alpha),
        GaussianDistance.Jeffreys => (KullbackLeibler(p, t, options.Alpha) + KullbackLeibler(t, p, options.Alpha)) / 2,
        GaussianDistance.LargerKullbackLeibler =>
            Tensor.Maximum(KullbackLeibler(p, t, options.Alpha), KullbackLeibler(t, p, options.Alpha)),
        GaussianDistance.SmallerKullbackLeibler =>
            Tensor.Minimum(KullbackLeibler(p, t, options.Alpha), KullbackLeibler(t, p, options.Alpha)),
        GaussianDistance.Bhattacharyya => Bhattacharyya(p, t),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Distance, "unknown distance"),
    };

    private static Tensor Wasserstein(BoxGaussians p, BoxGaussians t, double alpha)
    {
        Tensor centres = (p.X - t.X).Square() + (p.Y - t.Y).Square();
        Tensor common = SafeRoot(p.TraceOfProduct(t) + (p.Root * t.Root * 2));
        return centres + ((p.Trace + t.Trace - (common * 2)) * (alpha * alpha));
    }

    // Of one distribution from another: the mean, under the first, of the logarithm of their ratio.
    private static Tensor KullbackLeibler(BoxGaussians from, BoxGaussians to, double alpha) =>
        ((to.Mahalanobis(from) / (alpha * alpha)) + to.RelativeTrace(from)) / 2 + (to.Root / from.Root).Log() - 1;

    private static Tensor Bhattacharyya(BoxGaussians p, BoxGaussians t)
    {
        (Tensor xx, Tensor xy, Tensor yy) = ((p.Xx + t.Xx) / 2, (p.Xy + t.Xy) / 2, (p.Yy + t.Yy) / 2);
        Tensor determinant = p.DeterminantOfSum(t) / 4;
        (Tensor dx, Tensor dy) = (p.X - t.X, p.Y - t.Y);
        Tensor centres = ((yy * dx.Square()) + (xx * dy.Square()) - (xy * dx * dy * 2)) / determinant;
        return ((determinant / (p.Root * t.Root)).Log() / 2) + (centres / 8);
    }

    // Zero, without a gradient, where the value is too small for one.
    private static Tensor SafeRoot(Tensor value)
    {
        Tensor large = value.Ge(LeastUnderRoot);
        return Tensor.Where(large, value.Clamp(min: LeastUnderRoot).Sqrt(), value.ZerosLike());
    }
}

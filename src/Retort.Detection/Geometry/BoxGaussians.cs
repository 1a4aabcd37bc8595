using Retort.Torch;

namespace Retort.Detection.Geometry;

/// <summary>
/// Rotated boxes as Gaussian distributions (Yang et al., Rethinking Rotated Object Detection with Gaussian Wasserstein Distance Loss, Eq.
/// 2): the mean is the centre, the deviations along the sides are half their lengths. They do not know a rectangle's equal descriptions
/// apart.
/// </summary>
/// <param name="X">Mean, float [K].</param>
/// <param name="Y">Mean, float [K].</param>
/// <param name="Xx">Covariance, float [K].</param>
/// <param name="Xy">Covariance, float [K].</param>
/// <param name="Yy">Covariance, float [K].</param>
/// <param name="Root">Square root of the covariance's determinant, float [K].</param>
public sealed record BoxGaussians(Tensor X, Tensor Y, Tensor Xx, Tensor Xy, Tensor Yy, Tensor Root)
{
    // Sides are kept within this range, so that decoded boxes of an untrained network stay finite.
    private const double LeastSide = 1e-7;
    private const double LargestSide = 1e7;

    /// <summary>Trace of the covariances, float [K].</summary>
    public Tensor Trace => Xx + Yy;

    /// <summary>Determinant of the covariances, float [K].</summary>
    public Tensor Determinant => Root.Square();

    /// <summary>The distributions of boxes.</summary>
    /// <param name="boxes">Centre x, y, width, height, angle, float [K, 5].</param>
    public static BoxGaussians Of(Tensor boxes)
    {
        Tensor width = boxes.Select(1, 2).Clamp(LeastSide, LargestSide) / 2, height = boxes.Select(1, 3).Clamp(LeastSide, LargestSide) / 2;
        Tensor cosine = boxes.Select(1, 4).Cos(), sine = boxes.Select(1, 4).Sin();
        (Tensor w, Tensor h) = (width.Square(), height.Square());
        (Tensor c, Tensor s) = (cosine.Square(), sine.Square());
        return new BoxGaussians(boxes.Select(1, 0), boxes.Select(1, 1), (c * w) + (s * h), cosine * sine * (w - h), (s * w) + (c * h),
            width * height);
    }

    /// <summary>The trace of the product of two covariances, float [K].</summary>
    public Tensor TraceOfProduct(BoxGaussians other) => (Xx * other.Xx) + (Yy * other.Yy) + (Xy * other.Xy * 2);

    /// <summary>
    /// Squared distance of the means in units of a covariance, d^T S^-1 d, float [K], where S is this distribution's.
    /// </summary>
    public Tensor Mahalanobis(BoxGaussians other)
    {
        (Tensor dx, Tensor dy) = (X - other.X, Y - other.Y);
        return ((Yy * dx.Square()) + (Xx * dy.Square()) - (Xy * dx * dy * 2)) / Determinant;
    }

    /// <summary>Trace of S^-1 T, float [K], where S is this covariance and T the other's.</summary>
    public Tensor RelativeTrace(BoxGaussians other) => Mixed(other) / Determinant;

    /// <summary>
    /// Determinant of the sum of two covariances, float [K]. It is above zero: that of long thin boxes is the small difference of large
    /// numbers, which the sum of its parts is not.
    /// </summary>
    public Tensor DeterminantOfSum(BoxGaussians other) => Determinant + other.Determinant + Mixed(other).Clamp(min: 0);

    private Tensor Mixed(BoxGaussians other) => (Yy * other.Xx) + (Xx * other.Yy) - (Xy * other.Xy * 2);
}

using CsCheck;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Distillation.Tests;

/// <summary>
/// What the paper proves of its gradients (Zheng et al., Localization Distillation, section 3.4, appendix A.1 and A.2), held against the
/// losses that train. The losses are the paper's cross-entropy times the temperature's square, less a constant of the teacher.
/// </summary>
public class GradientPropertyTests : TensorTest
{
    private const int Bins = 9;
    private const double Tolerance = 1e-9;

    private static readonly Gen<(int Seed, double Temperature, double Share)> s_cases =
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Double[0.5, 20], Gen.Double[0.05, 0.95]);

    [Fact]
    public void Proposition_1_1_distilling_a_mixture_is_mixing_the_distillations() => Check((temperature, share) =>
    {
        (Tensor student, Tensor p, Tensor q) = (Logits(), Distribution(), Distribution());
        Tensor mixture = (p * share) + (q * (1 - share));
        Tensor expected = (Effect(student, p, temperature) * share) + (Effect(student, q, temperature) * (1 - share));
        AllZero(Effect(student, mixture, temperature) - expected);
    });

    [Fact]
    public void Proposition_1_2_distilling_a_distribution_is_distilling_any_two_that_it_can_be_split_into() => Check((temperature, share) =>
    {
        // Lemma 2: l = u p + (1 - u) q has solutions without end; here one a little way from l in a direction that keeps the sum.
        (Tensor student, Tensor whole) = (Logits(), Distribution());
        Tensor away = Distribution() - whole;
        (Tensor p, Tensor q) = (whole + (away * 0.9 * (1 - share)), whole - (away * 0.9 * share));
        if (q.ToArray<double>().Min() <= 0)
        {
            return;
        }

        AllZero((p * share) + (q * (1 - share)) - whole);
        AllZero(Effect(student, whole, temperature)
            - ((Effect(student, p, temperature) * share) + (Effect(student, q, temperature) * (1 - share))));
    });

    [Fact]
    public void Equation_28_the_distribution_focal_loss_pulls_towards_the_two_neighbours_of_the_distance() => Check((_, share) =>
    {
        (Tensor student, int left) = (Logits(), 3);
        AllZero(FocalGradient(student, left + share) - (student.Softmax(1) - Neighbours(left, share)));
    });

    [Fact]
    public void Corollary_1_distillation_rescales_the_gradient_of_the_distribution_focal_loss() => Check((temperature, share) =>
    {
        (Tensor student, Tensor teacher, int left, double focal, double weight) = (Logits(), Distribution(), 3, 0.25, 0.7);
        Tensor soft = (student / temperature).Softmax(1);
        Tensor noise = TestTensor.RandomNormal([1, Bins], ScalarType.Float64);
        noise = (noise - noise.Mean()) * (0.2 * teacher.ToArray<double>().Min());

        // The noise has mean zero: the expectation over it is the mean of both its signs.
        Tensor Total(Tensor taught) =>
            (FocalGradient(student, left + share) * focal)
            + (Effect(student, taught, temperature) * (weight / (temperature * temperature)));
        double[] together = ((Total(teacher + noise) + Total(teacher - noise)) / 2).ToArray<double>();
        double[] alone = FocalGradient(student, left + share).ToArray<double>();
        double[] confidence = (teacher - soft).ToArray<double>();
        double[] p = student.Softmax(1).ToArray<double>();
        double[] u = Neighbours(left, share).ToArray<double>();
        for (int i = 0; i < Bins; i++)
        {
            double factor = focal + (weight / temperature * (confidence[i] / (u[i] - p[i])));
            double scale = Math.Max(1, Math.Abs(factor));
            Assert.Equal(factor, together[i] / alone[i], Tolerance * scale / Math.Min(1, Math.Abs(alone[i])));
            Assert.Equal(factor, Others(together, i) / Others(alone, i), Tolerance * scale / Math.Min(1, Math.Abs(alone[i])));
        }
    });

    private static void Check(Action<double, double> property) => s_cases.Sample(
        (seed, temperature, share) =>
        {
            using var scope = new TensorScope();
            Runtime.Seed(seed);
            property(temperature, share);
        },
        iter: 40,
        threads: 1);

    private static double Others(double[] gradient, int bin) => gradient.Where((_, s) => s != bin).Sum();

    /// <summary>The gradient of distilling a teacher whose softened distribution is given, with respect to the student's logits.</summary>
    private static Tensor Effect(Tensor student, Tensor taught, double temperature) =>
        Gradient(Divergences.KullbackLeibler(student, taught.Log() * temperature, temperature, BinReduction.Sum), student);

    private static Tensor FocalGradient(Tensor student, double distance) =>
        Gradient(DistributionFocalLoss.Rows(student, TestTensor.From([distance], 1)), student);

    private static Tensor Neighbours(int left, double share)
    {
        var u = new double[Bins];
        (u[left], u[left + 1]) = (1 - share, share);
        return TestTensor.From(u, 1, Bins);
    }

    private static Tensor Logits()
    {
        Tensor logits = TestTensor.RandomNormal([1, Bins], ScalarType.Float64) * 2;
        Tensor leaf = logits.Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static Tensor Distribution() => TestTensor.RandomNormal([1, Bins], ScalarType.Float64).Softmax(1);

    private static void AllZero(Tensor difference) =>
        Assert.All(difference.ToArray<double>(), d => Assert.InRange(d, -Tolerance, Tolerance));
}

using Retort.Detection.Kernels;
using Retort.Torch;

namespace Retort.Distillation;

/// <summary>Differences between student and teacher as pure functions of tensors. No gradient flows to the teacher.</summary>
public static class Divergences
{
    /// <summary>
    /// Kullback-Leibler divergence of the teacher's softmax from the student's, both at a temperature, times the temperature's square
    /// (Hinton et al., Distilling the Knowledge in a Neural Network; Localization Distillation, Eq. 2 of classes and Eq. 4 and 5 of box
    /// edges), without the last dimension.
    /// </summary>
    /// <param name="student">Logits, float [..., B].</param>
    /// <param name="teacher">Logits, float [..., B].</param>
    /// <param name="temperature">What the logits are divided by, above 0.</param>
    /// <param name="bins">How the B summands are joined.</param>
    public static Tensor KullbackLeibler(Tensor student, Tensor teacher, double temperature, BinReduction bins)
    {
        if (student.Type == teacher.Type && FusedOperators.IsSupported(student))
        {
            long[] shape = student.Shape;
            Tensor rows = FusedOperators.KullbackLeibler(student.Reshape(-1, shape[^1]), teacher.Reshape(-1, shape[^1]), temperature,
                bins == BinReduction.Mean);
            return rows.Reshape(shape[..^1]);
        }

        Tensor wanted = (teacher.Detach() / temperature).LogSoftmax(-1);
        Tensor terms = wanted.Exp() * (wanted - (student / temperature).LogSoftmax(-1));
        Tensor joined = bins == BinReduction.Mean ? terms.Mean([-1]) : terms.Sum([-1]);
        return joined * (temperature * temperature);
    }

    /// <summary>Mean of the squared differences over the last dimension.</summary>
    /// <param name="student">Float [..., B].</param>
    /// <param name="teacher">Float [..., B].</param>
    public static Tensor MeanSquaredError(Tensor student, Tensor teacher) => (student - teacher.Detach()).Square().Mean([-1]);

    /// <summary>
    /// Euclidean norm of the differences over the last dimension (Localization Distillation, Eq. 3). Where student and teacher are equal
    /// the gradient is zero.
    /// </summary>
    /// <param name="student">Float [..., B].</param>
    /// <param name="teacher">Float [..., B].</param>
    public static Tensor EuclideanDistance(Tensor student, Tensor teacher) => (student - teacher.Detach()).Norm(-1);

    /// <summary>The divergence of each prior, the mean over its edges, float [K].</summary>
    /// <param name="student">Float [K, E, B].</param>
    /// <param name="teacher">Float [K, E, B].</param>
    /// <param name="term">Kind, temperature and reduction.</param>
    internal static Tensor OfPriors(Tensor student, Tensor teacher, DistillationTerm term)
    {
        Tensor edges = term.Divergence switch
        {
            Divergence.Kl => KullbackLeibler(student, teacher, term.Temperature, term.Bins),
            Divergence.Mse => MeanSquaredError(student, teacher),
            Divergence.L2 => EuclideanDistance(student, teacher),
            _ => throw new ArgumentOutOfRangeException(nameof(term), term.Divergence, "unknown divergence"),
        };
        return edges.Mean([1]);
    }
}

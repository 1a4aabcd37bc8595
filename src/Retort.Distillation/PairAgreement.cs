using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Distillation;

/// <summary>What is compared between a student's and a teacher's maps.</summary>
public enum AgreementMeasure
{
    /// <summary>Mean absolute difference of the class scores, probabilities (Localization Distillation, Figure 4).</summary>
    ScoreError,

    /// <summary>
    /// Mean absolute difference of the edges' probabilities (Figure 4); NaN without distributions, or with other numbers of bins.
    /// </summary>
    EdgeError,

    /// <summary>Mean absolute difference of the neck's features (Figure 6); NaN where the widths differ.</summary>
    FeatureDistance,

    /// <summary>Mean absolute difference of the class logits (Figure 6).</summary>
    ClassDistance,

    /// <summary>Mean absolute difference of the box logits (Figure 6); NaN where their numbers differ.</summary>
    BoxDistance,

    /// <summary>Pearson's correlation of the neck's features (Table 7); NaN where the widths differ.</summary>
    FeatureCorrelation,

    /// <summary>Pearson's correlation of the class logits.</summary>
    ClassCorrelation,

    /// <summary>Pearson's correlation of the box logits (Table 7); NaN where their numbers differ.</summary>
    BoxCorrelation,
}

/// <summary>
/// How far a student's predictions are from a teacher's, and how much they go together: the numbers of the paper's Figures 4 and 6 and of
/// its Table 7. Nothing is read back from the device.
/// </summary>
public static class PairAgreement
{
    // Keeps the correlation of maps that do not vary finite.
    private const double SmallestNorm = 1e-12;

    /// <summary>All measures, in the order of their enumeration.</summary>
    public static IReadOnlyList<AgreementMeasure> Measures { get; } = Enum.GetValues<AgreementMeasure>();

    /// <summary>
    /// Each measure on each level for each image, over all places and channels of the level: float [levels, images, measures].
    /// </summary>
    /// <param name="student">The student's predictions, with features.</param>
    /// <param name="teacher">The teacher's predictions for the same images, with features.</param>
    /// <param name="distributions">Distributions in a cell's box logits: edges of a box times anchors of a cell.</param>
    /// <remarks>The networks must have the same levels, strides and classes; see <see cref="Compatibility.Check"/>.</remarks>
    public static Tensor Measure(DenseOutput student, DenseOutput teacher, int distributions) =>
        Tensor.Stack([.. student.Levels.Select((_, l) => OfLevel(student, teacher, l, distributions))]);

    /// <summary>
    /// The sum of the absolute differences of the box logits at each place of a level (Figure 5): float [images, height, width].
    /// </summary>
    /// <param name="student">The student's predictions.</param>
    /// <param name="teacher">The teacher's predictions for the same images.</param>
    /// <param name="level">Index of the level, finest first.</param>
    public static Tensor BoxErrorMap(DenseOutput student, DenseOutput teacher, int level) =>
        (student.Levels[level].BoxLogits - teacher.Levels[level].BoxLogits).Abs().Sum([1]);

    private static Tensor OfLevel(DenseOutput student, DenseOutput teacher, int level, int distributions)
    {
        (LevelOutput s, LevelOutput t) = (student.Levels[level], teacher.Levels[level]);
        (Tensor features, Tensor taughtFeatures) = (student.Features[level], teacher.Features[level]);
        bool boxes = s.BoxLogits.Size(1) == t.BoxLogits.Size(1), sameWidth = features.Size(1) == taughtFeatures.Size(1);
        bool bins = boxes && s.BoxLogits.Size(1) > distributions;
        Tensor none = Tensor.Full([s.ClassLogits.Size(0)], double.NaN, device: s.ClassLogits.Device);
        Tensor[] numbers =
        [
            Distance(s.Scores, t.Scores),
            bins ? Distance(Probabilities(s.BoxLogits, distributions), Probabilities(t.BoxLogits, distributions)) : none,
            sameWidth ? Distance(features, taughtFeatures) : none,
            Distance(s.ClassLogits, t.ClassLogits),
            boxes ? Distance(s.BoxLogits, t.BoxLogits) : none,
            sameWidth ? Correlation(features, taughtFeatures) : none,
            Correlation(s.ClassLogits, t.ClassLogits),
            boxes ? Correlation(s.BoxLogits, t.BoxLogits) : none,
        ];
        return Tensor.Stack(numbers, 1);
    }

    private static Tensor Probabilities(Tensor boxLogits, int distributions)
    {
        long[] shape = boxLogits.Shape;
        return boxLogits.Reshape(shape[0], distributions, shape[1] / distributions, shape[2] * shape[3]).Softmax(2);
    }

    private static Tensor Distance(Tensor a, Tensor b) => (a - b).Abs().Flatten(1).Mean([1]);

    private static Tensor Correlation(Tensor a, Tensor b)
    {
        (Tensor x, Tensor y) = (Centred(a), Centred(b));
        return (x * y).Sum([1]) / (x.Square().Sum([1]) * y.Square().Sum([1])).Sqrt().Clamp(min: SmallestNorm);
    }

    private static Tensor Centred(Tensor map)
    {
        Tensor rows = map.Flatten(1);
        return rows - rows.Mean([1], keepDim: true);
    }
}

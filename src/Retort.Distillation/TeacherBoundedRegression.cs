using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Distillation;

/// <summary>
/// Pseudo box regression (Chen et al., Learning Efficient Object Detection Models with Knowledge Distillation; Zheng et al., Localization
/// Distillation, section 4.2): the box loss once more, but only for priors whose student is not better than the teacher by a margin. What
/// the teacher knows enters as a bound alone, never as a target.
/// </summary>
public static class TeacherBoundedRegression
{
    /// <summary>
    /// The GIoU loss of the student's boxes where |student - truth| + margin > |teacher - truth|, zero elsewhere; float [K]. The norm is
    /// the Euclidean one of the four coordinates.
    /// </summary>
    /// <param name="student">Decoded boxes x1 y1 x2 y2, float [K, 4].</param>
    /// <param name="teacher">The teacher's for the same priors, float [K, 4].</param>
    /// <param name="truth">The objects' boxes, float [K, 4].</param>
    /// <param name="margin">The margin, at least 0, in the boxes' unit.</param>
    public static Tensor Rows(Tensor student, Tensor teacher, Tensor truth, double margin) =>
        BoxLoss.Rows(student, truth, BoxLossKind.Giou) * Bounded(student, teacher, truth, margin).To(student.Type);

    /// <summary>The rows of the positives of a batch; boxes are measured in strides of their level, as in box losses.</summary>
    internal static Tensor OfPositives(
        DenseOutput student, DenseOutput teacher, PositiveTargets positives, IBoxCoding coding, double margin)
    {
        PositiveBoxes boxes = PositiveBoxes.Read(student, positives, coding);
        return Rows(boxes.Predicted, Teacher(teacher, positives, coding), boxes.Targets, margin);
    }

    private static Tensor Teacher(DenseOutput output, PositiveTargets positives, IBoxCoding coding)
    {
        using var noGrad = new NoGradScope();
        return PositiveBoxes.Read(output, positives, coding).Predicted;
    }

    private static Tensor Bounded(Tensor student, Tensor teacher, Tensor truth, double margin)
    {
        using var noGrad = new NoGradScope();
        return (Distance(student, truth) + margin).Gt(Distance(teacher, truth));
    }

    private static Tensor Distance(Tensor boxes, Tensor truth) => (boxes - truth).Square().Sum([1]).Sqrt();
}

using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Distillation;

/// <summary>
/// The places where student and teacher disagree most (Dai et al., General Instance Distillation for Object Detection, Eq. 1-3): on each
/// level, over the whole batch together, the best few boxes by the difference of class scores that greedy suppression leaves. Waits for
/// the device, because suppression works on the host.
/// </summary>
public static class GeneralInstances
{
    private const double Overlap = 0.3;
    private const int PerLevel = 10;

    /// <summary>The priors of the general instances; weight one.</summary>
    /// <param name="student">The student's predictions.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="assignment">The priors.</param>
    /// <param name="compared">What is compared.</param>
    /// <param name="coding">The box coding of both detectors; by default distances.</param>
    public static PriorSelection Select(
        DenseOutput student, DenseOutput teacher, BatchAssignment assignment, InstanceScores compared =
            InstanceScores.Probabilities, IBoxCoding? coding = null)
    {
        PriorGrid grid = assignment.Priors;
        coding ??= new DistanceCoding();
        using var noGrad = new NoGradScope();
        int images = assignment.Targets.Count;
        var values = new float[images * grid.Count];
        for (int l = 0; l < grid.Levels.Count; l++)
        {
            using var scope = new TensorScope();
            Tensor stride = Tensor.Full([1, 1], grid.Levels[l].Stride, device: assignment.Device);
            Tensor priors = coding.FromPixels(grid.ToTensor(l, assignment.Device), stride);
            Tensor Rows(Tensor map) => PriorRows(map, grid.PerCell);
            (Tensor boxes, Tensor scores) = Disagreement(
                Tensor.Cat([.. Enumerable.Repeat(priors, images)]),
                Rows(student.Levels[l].Scores),
                Rows(TeacherScores(teacher.Levels[l], compared)),
                Rows(student.Levels[l].BoxLogits),
                Rows(teacher.Levels[l].BoxLogits),
                coding);
            foreach (int chosen in Pick(boxes, scores))
            {
                values[(images * grid.Levels[l].Start) + chosen] = 1;
            }
        }

        return PriorRegions.FromValues(assignment, values);
    }

    /// <summary>
    /// At each prior the box of the network with the higher score, in the coding's unit, float [M, E], and the difference of scores, float
    /// [M].
    /// </summary>
    /// <param name="priors">In the coding's unit, float [M, 4].</param>
    /// <param name="studentScores">Probabilities, float [M, C].</param>
    /// <param name="teacherScores">Probabilities, float [M, C].</param>
    /// <param name="studentLogits">Box logits, float [M, D].</param>
    /// <param name="teacherLogits">Box logits, float [M, D']; D' differs from D with the number of bins.</param>
    /// <param name="coding">The box coding of both detectors.</param>
    internal static (Tensor Boxes, Tensor Scores) Disagreement(
        Tensor priors, Tensor studentScores, Tensor teacherScores, Tensor studentLogits, Tensor teacherLogits, IBoxCoding coding)
    {
        (Tensor teacherIsHigher, Tensor scores) = Compare(studentScores, teacherScores);

        // One decoding is cheaper than two; but only equal numbers of bins can be chosen between.
        Tensor boxes = studentLogits.Size(1) == teacherLogits.Size(1)
            ? coding.Decode(priors, Tensor.Where(teacherIsHigher, teacherLogits, studentLogits))
            : Tensor.Where(teacherIsHigher, coding.Decode(priors, teacherLogits), coding.Decode(priors, studentLogits));
        return (boxes, scores);
    }

    /// <summary>Indices of the boxes that are imitated, highest score first.</summary>
    /// <param name="boxes">Float [M, 4], or [M, 5] where they are rotated.</param>
    /// <param name="scores">Float [M].</param>
    internal static int[] Pick(Tensor boxes, Tensor scores)
    {
        float[] values = scores.ToArray<float>();
        var candidates = new Candidates(new Boxes(BoxForms.FromNumbers(boxes.Size(1)), boxes.ToArray<float>()), values,
            new int[values.Length]);
        return new GreedyNms { Iou = Overlap, ClassAgnostic = true }.Keep(candidates, PerLevel);
    }

    // Whether the teacher's score is the higher one at each prior (as a column), and the largest difference of class scores.
    private static (Tensor TeacherIsHigher, Tensor Scores) Compare(Tensor studentScores, Tensor teacherScores)
    {
        Tensor difference = teacherScores - studentScores;
        (Tensor scores, Tensor most) = difference.Abs().Max(1);
        return (difference.Gather(1, most.Unsqueeze(1)).Ge(0), scores);
    }

    private static Tensor TeacherScores(LevelOutput level, InstanceScores compared) =>
        compared == InstanceScores.Reference && level.ScoresAreProbabilities ? level.ClassLogits : level.Scores;

    // [N, A*D, H, W] to [N*H*W*A, D].
    private static Tensor PriorRows(Tensor map, long perCell)
    {
        long[] shape = map.Shape;
        return map.Reshape(shape[0], perCell, shape[1] / perCell, shape[2], shape[3]).Permute(0, 3, 4, 1, 2)
            .Reshape(-1, shape[1] / perCell);
    }
}

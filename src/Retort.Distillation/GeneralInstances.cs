using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
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
    public static PriorSelection Select(DenseOutput student, DenseOutput teacher, BatchAssignment assignment, InstanceScores compared = InstanceScores.Probabilities)
    {
        PriorGrid grid = assignment.Priors;
        using var noGrad = new NoGradScope();
        int images = assignment.Targets.Count;
        var values = new float[images * grid.Count];
        for (int l = 0; l < grid.Levels.Count; l++)
        {
            Tensor priors = grid.ToTensor(l, assignment.Device) / grid.Levels[l].Stride;
            Tensor points = Tensor.Cat([.. Enumerable.Repeat((priors.Narrow(1, 0, 2) + priors.Narrow(1, 2, 2)) / 2, images)]);
            Tensor Rows(Tensor map) => PriorRows(map, grid.PerCell);
            (Tensor boxes, Tensor scores) = Disagreement(
                points, Rows(Scores(student.Levels[l])), Rows(TeacherScores(teacher.Levels[l], compared)), Rows(student.Levels[l].BoxLogits), Rows(teacher.Levels[l].BoxLogits));
            foreach (int chosen in Pick(boxes, scores))
            {
                values[(images * grid.Levels[l].Start) + chosen] = 1;
            }
        }

        return PriorRegions.FromValues(assignment, values);
    }

    /// <summary>At each place the box of the network that is surer of its class, float [M, 4], and the difference of scores, float [M].</summary>
    /// <param name="points">Places in strides, float [M, 2].</param>
    /// <param name="studentScores">Probabilities, float [M, C].</param>
    /// <param name="teacherScores">Probabilities, float [M, C].</param>
    /// <param name="studentEdges">Logits, float [M, 4*(n+1)].</param>
    /// <param name="teacherEdges">Logits, float [M, 4*(n+1)].</param>
    public static (Tensor Boxes, Tensor Scores) Disagreement(
        Tensor points, Tensor studentScores, Tensor teacherScores, Tensor studentEdges, Tensor teacherEdges)
    {
        Tensor difference = teacherScores - studentScores;
        (Tensor scores, Tensor most) = difference.Abs().Max(1);
        Tensor teacherSurer = difference.Gather(1, most.Unsqueeze(1)).Ge(0);
        Tensor edges = Tensor.Where(
            teacherSurer, DistributionIntegral.Expectation(teacherEdges, 4), DistributionIntegral.Expectation(studentEdges, 4));
        return (BoxDistances.Decode(points, edges), scores);
    }

    /// <summary>Indices of the boxes that are imitated, best first.</summary>
    /// <param name="boxes">Float [M, 4].</param>
    /// <param name="scores">Float [M].</param>
    public static int[] Pick(Tensor boxes, Tensor scores)
    {
        float[] values = scores.ToArray<float>();
        return new GreedyNms(Overlap, ClassAgnostic: true).Keep(new Candidates(boxes.ToArray<float>(), values, new int[values.Length]), PerLevel);
    }

    private static Tensor Scores(LevelOutput level) => level.ScoresAreProbabilities ? level.ScoreMap : level.ScoreMap.Sigmoid();

    private static Tensor TeacherScores(LevelOutput level, InstanceScores compared) =>
        compared == InstanceScores.Reference && level.ScoresAreProbabilities ? level.ClassLogits : Scores(level);

    // [N, A*D, H, W] to [N*H*W*A, D].
    private static Tensor PriorRows(Tensor map, long perCell)
    {
        long[] shape = map.Shape;
        return map.Reshape(shape[0], perCell, shape[1] / perCell, shape[2], shape[3]).Permute(0, 3, 4, 1, 2).Reshape(-1, shape[1] / perCell);
    }
}

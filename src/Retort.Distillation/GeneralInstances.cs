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
    /// <param name="rotated">How rotated boxes are told from their edges, where they are rotated.</param>
    public static PriorSelection Select(
        DenseOutput student, DenseOutput teacher, BatchAssignment assignment, InstanceScores compared = InstanceScores.Probabilities, RotatedBoxDecoder? rotated = null)
    {
        PriorGrid grid = assignment.Priors;
        using var noGrad = new NoGradScope();
        int images = assignment.Targets.Count;
        var values = new float[images * grid.Count];
        for (int l = 0; l < grid.Levels.Count; l++)
        {
            using var scope = new TensorScope();
            Tensor priors = Tensor.Cat([.. Enumerable.Repeat(grid.ToTensor(l, assignment.Device), images)]);
            Tensor Rows(Tensor map) => PriorRows(map, grid.PerCell);
            (Tensor teacherSurer, Tensor scores) = Compare(Rows(student.Levels[l].Scores), Rows(TeacherScores(teacher.Levels[l], compared)));
            int stride = grid.Levels[l].Stride;
            Tensor Boxes(Tensor edges) => rotated?.Decode(priors, edges) ?? Upright(Centres(priors) / stride, edges);
            (Tensor studentEdges, Tensor teacherEdges) = (Rows(student.Levels[l].BoxLogits), Rows(teacher.Levels[l].BoxLogits));

            // One decoding is cheaper than two; but only equal numbers of bins can be chosen between.
            Tensor boxes = studentEdges.Size(1) == teacherEdges.Size(1)
                ? Boxes(Tensor.Where(teacherSurer, teacherEdges, studentEdges))
                : Tensor.Where(teacherSurer, Boxes(teacherEdges), Boxes(studentEdges));
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
        (Tensor teacherSurer, Tensor scores) = Compare(studentScores, teacherScores);
        return (Upright(points, Tensor.Where(teacherSurer, teacherEdges, studentEdges)), scores);
    }

    /// <summary>Indices of the boxes that are imitated, best first.</summary>
    /// <param name="boxes">Float [M, 4], or [M, 5] where they are rotated.</param>
    /// <param name="scores">Float [M].</param>
    public static int[] Pick(Tensor boxes, Tensor scores)
    {
        float[] values = scores.ToArray<float>();
        var candidates = new Candidates(boxes.ToArray<float>(), values, new int[values.Length], (int)boxes.Size(1));
        return candidates.Edges == RotatedBoxDecoder.Edges
            ? new RotatedNms(Overlap, ClassAgnostic: true).Keep(candidates, PerLevel)
            : new GreedyNms(Overlap, ClassAgnostic: true).Keep(candidates, PerLevel);
    }

    // Whether the teacher is the surer one at each place (as a column), and by how much one of them is.
    private static (Tensor TeacherSurer, Tensor Scores) Compare(Tensor studentScores, Tensor teacherScores)
    {
        Tensor difference = teacherScores - studentScores;
        (Tensor scores, Tensor most) = difference.Abs().Max(1);
        return (difference.Gather(1, most.Unsqueeze(1)).Ge(0), scores);
    }

    private static Tensor Upright(Tensor points, Tensor edges) => BoxDistances.Decode(points, DistributionIntegral.Expectation(edges, 4));

    private static Tensor Centres(Tensor priors) => (priors.Narrow(1, 0, 2) + priors.Narrow(1, 2, 2)) / 2;

    private static Tensor TeacherScores(LevelOutput level, InstanceScores compared) =>
        compared == InstanceScores.Reference && level.ScoresAreProbabilities ? level.ClassLogits : level.Scores;

    // [N, A*D, H, W] to [N*H*W*A, D].
    private static Tensor PriorRows(Tensor map, long perCell)
    {
        long[] shape = map.Shape;
        return map.Reshape(shape[0], perCell, shape[1] / perCell, shape[2], shape[3]).Permute(0, 3, 4, 1, 2).Reshape(-1, shape[1] / perCell);
    }
}

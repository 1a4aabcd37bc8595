using CsCheck;
using Retort.Core.Options;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Detection.Losses;
using Retort.Torch;
using static Retort.Distillation.Tests.SmallBatch;

namespace Retort.Distillation.Tests;

public class TeacherBoundedRegressionTests : TensorTest
{
    private static readonly DistillationTerm s_term = new()
    {
        Knowledge = Knowledge.Boxes,
        Divergence = Divergence.TeacherBoundedRegression,
        Weighting = PriorWeighting.One,
        Normalisation = Normalisation.PerPositive,
        Weight = 1,
    };

    [Fact]
    public void Only_students_that_are_not_better_than_their_teacher_by_the_margin_are_pulled()
    {
        // Distances to the truth: students 0.5, 0.95, 1.5, 0; teachers 1 each. With a margin of 0.1 the second is not good enough.
        Tensor truth = TestTensor.From([0f, 0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4], 4, 4);
        Tensor student = truth + TestTensor.From([0f, 0, 0.5f, 0, 0, 0, 0, 0.95f, 0, 1.5f, 0, 0, 0, 0, 0, 0], 4, 4);
        Tensor teacher = truth + TestTensor.From([1f, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0], 4, 4);
        float[] giou = BoxLoss.Rows(student, truth, BoxLossKind.Giou).ToArray<float>();
        Assert.Equal([0, giou[1], giou[2], 0], TeacherBoundedRegression.Rows(student, teacher, truth, 0.1).ToArray<float>());
        Assert.Equal([0, 0, giou[2], 0], TeacherBoundedRegression.Rows(student, teacher, truth, 0.01).ToArray<float>());
        Assert.Equal(giou, TeacherBoundedRegression.Rows(student, teacher, truth, 10).ToArray<float>());
    }

    [Fact]
    public void It_is_the_box_loss_or_nothing_and_grows_with_the_margin() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Double[0, 2], Gen.Double[0, 2]).Sample(
        (seed, margin, more) =>
        {
            using var scope = new TensorScope();
            Runtime.Seed(seed);
            Tensor truth = Boxes();
            (Tensor student, Tensor teacher) =
                (truth + TestTensor.RandomNormal([12, 4], ScalarType.Float64),
                truth + TestTensor.RandomNormal([12, 4], ScalarType.Float64));
            double[] full = BoxLoss.Rows(student, truth, BoxLossKind.Giou).ToArray<double>();
            double[] some = TeacherBoundedRegression.Rows(student, teacher, truth, margin).ToArray<double>();
            double[] wider = TeacherBoundedRegression.Rows(student, teacher, truth, margin + more).ToArray<double>();
            for (int k = 0; k < full.Length; k++)
            {
                Assert.True(some[k] == 0 || some[k] == full[k]);
                Assert.True(wider[k] >= some[k]);
            }
        },
        iter: 50,
        threads: 1);

    [Fact]
    public void The_teacher_gets_no_gradient_and_the_student_the_box_losss()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(2, 1), Output(2, 2));
        LossTerm term = new Distiller([s_term with { Margin = 1000 }]).Compute(student, teacher, Assign(Images(2)))[0];
        Assert.Equal("loss_tbr", term.Name);
        term.Value.Backward();
        Assert.All(teacher.Levels, l => Assert.Null(l.BoxLogits.Grad));
        Assert.Contains(student.Levels.SelectMany(l => l.BoxLogits.Grad!.ToArray<float>()), g => g != 0);
        Assert.All(student.Levels, l => Assert.Null(l.ClassLogits.Grad));
    }

    [Fact]
    public void A_teacher_of_other_bins_can_bound_too_since_boxes_are_compared_decoded()
    {
        LossTerm term = new Distiller([s_term with { Margin = 1000 }]).Compute(Output(1, 1), Output(1, 2, bins: 17), Assign(Images(1)))[0];
        Assert.True(term.Value.Item() > 0);
    }

    [Fact]
    public void With_a_margin_beyond_all_it_is_the_detectors_own_box_loss()
    {
        DenseOutput student = Output(2, 3);
        BatchAssignment assignment = Assign(Images(2));
        double own = new Detection.Criteria.GflCriterion(new()).Compute(student, assignment, new DistanceCoding())
            .Single(t => t.Name == "loss_bbox").Value.Item();
        foreach (Normalisation normalisation in (Normalisation[])[Normalisation.PerPositive, Normalisation.Reference])
        {
            DistillationTerm same = s_term with
            {
                Margin = 1000,
                Weighting = PriorWeighting.StudentScore,
                Weight = 2,
                Normalisation = normalisation
            };
            Assert.Equal(own, new Distiller([same]).Compute(student, Output(2, 4), assignment)[0].Value.Item(), 5);
        }
    }

    [Fact]
    public void A_network_without_distributions_is_refused_with_its_name() => Assert.Equal(
        "the teacher has 4 channels for the 4 box edges of a cell, which are no distributions over bins; "
        + "take a detector with a distribution head ('head.regMax' above 0), or leave out the terms that teach localization or boxes, or "
            + "general instances",
        Assert.Throws<KnowledgeMismatchException>(
            () => Compatibility.Check(Outputs.Of(Output(1, 5)), Outputs.Of(Output(1, 6, bins: 1)), [s_term])).Message);

    [Fact]
    public void Parts_that_do_not_go_together_are_refused()
    {
        Assert.Throws<OptionException>(() => new Distiller([s_term with { Divergence = Divergence.Kl }]));
        Assert.Throws<OptionException>(() => new Distiller([s_term with { Knowledge = Knowledge.Localization }]));
        Assert.Throws<OptionException>(() => new Distiller([s_term with { Region = Region.ValuableLocalization }]));
        Assert.Throws<OptionException>(() => new Distiller([s_term with { Margin = -1 }]));
        Assert.Throws<ArgumentException>(() => new Distiller([s_term], new RotatedDeltaCoding(new RotatedCoderOptions())));
    }

    private static Tensor Boxes()
    {
        Tensor low = TestTensor.RandomNormal([12, 2], ScalarType.Float64);
        return Tensor.Cat([low, low + 6.0], 1);
    }
}

using Retort.Core.Options;
using CsCheck;
using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Torch;
using static Retort.Distillation.Tests.SmallBatch;

namespace Retort.Distillation.Tests;

public class DistillerTests : TensorTest
{
    [Fact]
    public void Divergence_is_not_negative_and_zero_at_equality() => Gen.Select(Gen.Int[1, 1_000_000], Gen.Double[0.5, 20]).Sample(
        (seed, temperature) =>
        {
            using var scope = new TensorScope();
            Runtime.Seed(seed);
            (Tensor a, Tensor b) = (TestTensor.RandomNormal([5, 9], ScalarType.Float64) * 4,
                TestTensor.RandomNormal([5, 9], ScalarType.Float64) * 4);
            Assert.All(Divergences.KullbackLeibler(a, b, temperature, BinReduction.Sum).ToArray<double>(), d => Assert.True(d > 0));
            Assert.All(Divergences.KullbackLeibler(a, a, temperature, BinReduction.Sum).ToArray<double>(),
                d => Assert.InRange(d, -1e-9, 1e-9));
        },
        iter: 30,
        threads: 1);

    [Fact]
    public void Gradient_is_the_temperature_times_the_difference_of_the_distributions() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Double[0.5, 20]).Sample(
        (seed, temperature) =>
        {
            using var scope = new TensorScope();
            Runtime.Seed(seed);
            (Tensor student, Tensor teacher) =
                (TestTensor.RandomNormal([4, 7], ScalarType.Float64) * 3, TestTensor.RandomNormal([4, 7], ScalarType.Float64) * 3);
            student.RequiresGrad = true;
            Tensor gradient = Gradient(Divergences.KullbackLeibler(student, teacher, temperature, BinReduction.Sum), student);
            Tensor expected = ((student / temperature).Softmax(1) - (teacher / temperature).Softmax(1)) * temperature;
            Assert.All((gradient - expected).ToArray<double>(), d => Assert.InRange(d, -1e-9, 1e-9));
        },
        iter: 30,
        threads: 1);

    [Fact]
    public void Mean_and_sum_over_bins_differ_by_the_number_of_bins()
    {
        (Tensor a, Tensor b) = (TestTensor.RandomNormal([3, 17]), TestTensor.RandomNormal([3, 17]));
        float[] sum = Divergences.KullbackLeibler(a, b, 2, BinReduction.Sum).ToArray<float>();
        Close([.. sum.Select(v => v / 17)], Divergences.KullbackLeibler(a, b, 2, BinReduction.Mean));
    }

    // Localization Distillation, Eq. 3: the mean over the region of the norms.
    [Fact]
    public void Euclidean_imitation_is_the_mean_of_the_norms()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1, 14), Output(1, 15));
        double expected = student.Features.Zip(teacher.Features, (s, t) => (s - t).Square().Sum([1]).Sqrt())
            .SelectMany(norms => norms.ToArray<float>()).Average();
        DistillationTerm term = Terms.Imitation(Region.Everywhere, 3)
            with
        { Divergence = Divergence.L2, Normalisation = Normalisation.PerPositive };
        Assert.Equal(3 * expected, Values([term], student, teacher, Images(1))[0], 4);
    }

    [Fact]
    public void The_gradient_of_the_norm_is_its_direction_and_zero_at_equality()
    {
        Tensor student = TestTensor.From([3f, 4, 1, 1], 2, 2), teacher = TestTensor.From([0f, 0, 1, 1], 2, 2);
        student.RequiresGrad = true;
        Tensor norms = Divergences.EuclideanDistance(student, teacher);
        Close([5, 0], norms);
        Close([0.6f, 0.8f, 0, 0], Gradient(norms, student));
    }

    [Fact]
    public void A_region_of_ones_own_is_made_once_a_batch_and_has_its_name_in_the_log()
    {
        int made = 0;
        var everywhere = new RegionFunction("mine", assignment =>
        {
            made++;
            return PriorRegions.Everywhere(assignment);
        });
        (DenseOutput student, DenseOutput teacher) = (Output(1, 16), Output(1, 17));
        DistillationTerm term = Terms.Main with { Weighting = PriorWeighting.One };
        DistillationTerm[] own = [term with { OwnRegion = everywhere },
            term with { Knowledge = Knowledge.Classification, OwnRegion = everywhere }];
        IReadOnlyList<LossTerm> values =
            new Distiller([.. own, term with { Region = Region.Everywhere }]).Compute(student, teacher, Assign(Images(1)));
        Assert.Equal(["loss_ld_mine", "loss_kd_mine", "loss_ld_everywhere"], values.Select(v => v.Name));
        Assert.Equal(values[2].Value.Item(), values[0].Value.Item());
        Assert.Equal(1, made);
        DistillationTerm bounded = new()
        {
            Knowledge = Knowledge.Boxes,
            Divergence = Divergence.TeacherBoundedRegression,
            OwnRegion = everywhere
        };
        Assert.Throws<OptionException>(() => new Distiller([bounded]));
    }

    [Fact]
    public void Per_positive_terms_do_not_depend_on_the_size_of_the_batch_but_reference_ones_do()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1, 1), Output(1, 2));
        DistillationTerm[] terms = [.. Terms.Paper.Select(t => t with { Normalisation = Normalisation.PerPositive })];
        double[] once = Values(terms, student, teacher, Images(1));
        double[] twice = Values(terms, Doubled(student), Doubled(teacher), Images(2));
        for (int k = 0; k < terms.Length; k++)
        {
            Assert.True(once[k] > 0);
            Assert.Equal(1, twice[k] / once[k], 4);
        }

        double reference = Values([Terms.Main], Doubled(student), Doubled(teacher), Images(2))[0]
            / Values([Terms.Main], student, teacher, Images(1))[0];
        Assert.Equal(2, reference, 4);
    }

    [Fact]
    public void The_order_of_the_terms_does_not_matter()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1, 3), Output(1, 4));
        double[] forward = Values(Terms.Paper, student, teacher, Images(1));
        double[] backward = Values([.. Terms.Paper.Reverse()], student, teacher, Images(1));
        Assert.Equal(forward, backward.Reverse());
    }

    [Fact]
    public void A_student_equal_to_its_teacher_has_nothing_to_learn()
    {
        DenseOutput both = Output(2, 5);
        DistillationTerm[] terms = [.. Terms.Paper, .. Enum.GetValues<Region>().Select(r => Terms.Imitation(r, 1)),
            Terms.Main with { Weighting = PriorWeighting.TeacherScore }];
        Assert.All(Values(terms, both, both, Images(2)), value => Assert.Equal(0, value, 5));
    }

    [Fact]
    public void Without_any_object_every_term_is_zero_and_its_gradient_finite()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(2, 6), Output(2, 7));
        ImageTargets[] empty = [.. Images(2).Select(i => i with { Boxes = Boxes.None, Labels = [] })];
        foreach (Normalisation normalisation in Enum.GetValues<Normalisation>())
        {
            DistillationTerm[] terms = [.. Terms.Paper.Append(Terms.Imitation(Region.InsideGroundTruth, 1))
                .Select(t => t with { Normalisation = normalisation })];
            IReadOnlyList<LossTerm> values = new Distiller(terms).Compute(student, teacher, Assign(empty));
            Assert.All(values, v => Assert.Equal(0, v.Value.Item()));
            values.Select(v => v.Value).Aggregate((a, b) => a + b).Backward();
        }

        Assert.All(student.Levels.SelectMany(l => l.BoxLogits.Grad!.ToArray<float>()), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Decoupled_imitation_is_a_mean_inside_the_objects_and_a_weighted_one_outside_at_the_same_places()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1, 12), Output(1, 13));
        DistillationTerm Imitates(Region region, double weight) =>
            Terms.Imitation(region, weight) with { Normalisation = Normalisation.PerPositive };
        (List<double> inside, List<double> outside) = ([], []);
        ImageTargets image = Images(1)[0];
        for (int l = 0; l < student.Features.Count; l++)
        {
            (int stride, Tensor error) = (8 << l, (student.Features[l] - teacher.Features[l]).Square().Mean([1]));
            float[] errors = error.ToArray<float>();
            for (int k = 0; k < errors.Length; k++)
            {
                (long x, long y) = (k % error.Size(2) * stride, k / error.Size(2) * stride);
                bool within = Enumerable.Range(0, image.Count).Select(g => image.Boxes[g].ToArray())
                    .Any(b => x > b[0] && y > b[1] && x < b[2] && y < b[3]);
                (within ? inside : outside).Add(errors[k]);
            }
        }

        double[] values = Values([Imitates(Region.InsideGroundTruth, 2), Imitates(Region.OutsideGroundTruth, 4)], student, teacher,
            Images(1));
        Assert.Equal(2 * inside.Average(), values[0], 4);
        Assert.Equal(4 * outside.Average(), values[1], 4);
    }

    [Fact]
    public void General_instances_may_have_other_numbers_of_bins()
    {
        DistillationTerm instances = Terms.Imitation(Region.GeneralInstances, 1);
        (DenseOutput student, DenseOutput teacher) = (SmallBatch.Output(2, 1, bins: 9), SmallBatch.Output(2, 2, bins: 17));
        Assert.True(new Distiller([instances]).Compute(student, teacher, SmallBatch.Assign(SmallBatch.Images(2)))[0].Value.Item() > 0);
    }

    [Fact]
    public void No_gradient_reaches_the_teacher()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1, 8), Output(1, 9));
        IReadOnlyList<LossTerm> values = new Distiller(Terms.Paper).Compute(student, teacher, Assign(Images(1)));
        values.Select(v => v.Value).Aggregate((a, b) => a + b).Backward();
        Assert.All(teacher.Levels, l => Assert.Null(l.BoxLogits.Grad));
        Assert.All(student.Levels, l => Assert.NotNull(l.BoxLogits.Grad));
    }

    [Fact]
    public void Disagreement_of_teacher_and_student_is_named_with_both_numbers_and_a_remedy()
    {
        DenseOutput student = Output(1, 10);
        string Message(DenseOutput teacher, int anchors = 1) =>
            Assert.Throws<KnowledgeMismatchException>(
                () => Compatibility.Check(Outputs.Of(student), Outputs.Of(teacher, anchors: anchors), Terms.Paper)).Message;
        Assert.Equal(
            "the teacher predicts 5 class channels and the student 3; both must be trained for the same classes in the same order, and "
                + "have a channel for background both or neither",
            Message(Output(1, 1, classes: 5)));
        Assert.Equal(
            "the teacher's box edges have 17 bins and the student's 9; localization can be distilled only between equal ones: train one "
                + "of them with the other's 'head.regMax'",
            Message(Output(1, 1, bins: 17)));
        Assert.Contains(
            "the teacher has 2 anchors per cell and the student 1; take a teacher of the same detector",
            Message(Output(1, 1, classes: 6, bins: 18), anchors: 2));
        Assert.Contains("1 pyramid levels and the student on 2", Message(student with { Levels = [student.Levels[0]] }));
        DetectorOutputs coarser = Outputs.Of(student) with
        {
            Levels = [
            .. Outputs.Of(student).Levels.Select(map => map with { Stride = 2 * map.Stride })]
        };
        Assert.Contains(
            "the teacher's pyramid has the strides 16, 32 and the student's 8, 16;",
            Assert.Throws<KnowledgeMismatchException>(() => Compatibility.Check(Outputs.Of(student), coarser, [])).Message);
        Assert.Contains(
            "the teacher predicts rotated boxes and the student upright ones",
            Assert.Throws<KnowledgeMismatchException>(
                () => Compatibility.Check(Outputs.Of(student), Outputs.Of(student, BoxForm.Rotated), [])).Message);
    }

    [Fact]
    public void A_term_out_of_its_range_is_refused()
    {
        Assert.Throws<OptionException>(() => new Distiller([Terms.Main with { Temperature = 0 }]));
        Assert.Throws<OptionException>(() => new Distiller([Terms.Main with { Weight = double.NaN }]));
        Assert.Throws<OptionException>(() => new Distiller([Terms.Main with { Gamma = 1.5 }]));
    }

    [Fact]
    public void Terms_of_the_same_kind_get_names_of_their_own()
    {
        DenseOutput both = Output(1, 11);
        IReadOnlyList<LossTerm> values =
            new Distiller([Terms.Main, Terms.Main with { Temperature = 5 }, Terms.Valuable]).Compute(both, both, Assign(Images(1)));
        Assert.Equal(["loss_ld", "loss_ld_2", "loss_ld_vlr"], values.Select(v => v.Name));
    }

    private static double[] Values(
        IReadOnlyList<DistillationTerm> terms, DenseOutput student, DenseOutput teacher, ImageTargets[] images) =>
        [.. new Distiller(terms).Compute(student, teacher, Assign(images)).Select(t => t.Value.Item())];

    private static DenseOutput Doubled(DenseOutput output)
    {
        static Tensor Twice(Tensor map) => Tensor.Cat([map, map]);
        return new DenseOutput([.. output.Levels.Select(l => new LevelOutput(Twice(l.ClassLogits), Twice(l.BoxLogits)))],
            [.. output.Features.Select(Twice)]);
    }
}

using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Distillation.Tests;

/// <summary>Distillation of detectors of rotated boxes.</summary>
public class RotatedDistillerTests : TensorTest
{
    private static readonly PriorGenerator s_priors = PriorGenerator.Anchors([8, 16, 32, 64, 128], 4, 3, [1, 0.5, 2]);
    private static readonly RotatedDeltaCoding s_coding = new(new RotatedCoderOptions(), RotatedDeltaCoding.PublishedRanges);

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("gwd_r18_r34")]
    [InlineData("gwd_r18_r50")]
    [InlineData("kld_r18_r34")]
    public void Terms_and_gradients_are_the_references(string name)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("rot_head_ld_" + name).Tensors;
        HeadInputs inputs = HeadInputs.ReadRotated();
        (DenseOutput student, DenseOutput teacher) = (inputs.OutputWithFeatures("student"), inputs.OutputWithFeatures("teacher"));
        RotatedRetinaOptions losses = name.StartsWith("gwd", StringComparison.Ordinal)
            ? new RotatedRetinaOptions { Box = new GwdOptions { Weight = 5 } }
            : new RotatedRetinaOptions { Box = new KldOptions { Divisor = RotatedLossDivisor.LevelPositives } };
        BatchAssignment assignment = Assign(inputs);
        IReadOnlyList<LossTerm> taught =
            new Distiller(Terms.OfRecipe($"dota/ld_{name}_1x"), s_coding).Compute(student, teacher, assignment);
        IReadOnlyList<LossTerm> own = new RotatedRetinaCriterion(losses).Compute(student, assignment, s_coding);
        HeadGolden.Check(golden, student, [.. own, .. taught.Select(
            t => t with { Name = t.Name.Split('_')[0] + "_" + t.Name.Split('_')[1] })]);
    }

    [Fact]
    public void General_instances_are_the_best_of_rotated_suppression()
    {
        HeadInputs inputs = HeadInputs.ReadRotated();
        (DenseOutput student, DenseOutput teacher) = (inputs.OutputWithFeatures("student"), inputs.OutputWithFeatures("teacher"));
        BatchAssignment assignment = Assign(inputs);
        PriorSelection chosen = GeneralInstances.Select(student, teacher, assignment, coding: s_coding);
        Assert.All(chosen.LevelCounts, count => Assert.InRange(count, 1, 10));
        Tensor rows = chosen.Gather([.. teacher.Levels.Select(l => l.ClassLogits)])
            .Sigmoid() - chosen.Gather([.. student.Levels.Select(l => l.ClassLogits)]).Sigmoid();

        // The largest difference of a level is always chosen.
        double largest = (teacher.Levels[0].ClassLogits.Sigmoid() - student.Levels[0].ClassLogits.Sigmoid()).Abs().Max().Item();
        Assert.Equal(largest, rows.Narrow(0, 0, chosen.LevelCounts[0]).Abs().Max().Item(), 1e-6);
    }

    [Fact]
    public void Images_without_objects_give_zero_and_no_error()
    {
        DistillationTerm[] terms =
        [
            .. Terms.OfRecipe("dota/ld_gwd_r18_r50_1x"),
            .. Enum.GetValues<Region>().Select(region => Terms.Imitation(region, 1)),
            Terms.Main,
            Terms.Valuable with { Overlap = RegionOverlap.Diou, Normalisation = Normalisation.PerPositive },
        ];
        HeadInputs inputs = HeadInputs.ReadRotated().WithoutObjects();
        (DenseOutput student, DenseOutput teacher) = (inputs.OutputWithFeatures("student"), inputs.OutputWithFeatures("teacher"));
        foreach (LossTerm term in new Distiller(terms, s_coding).Compute(student, teacher, Assign(inputs)))
        {
            bool somewhere = term.Name.Contains("outside") || term.Name.Contains("everywhere") || term.Name.Contains("_gi");
            Assert.True(somewhere ? double.IsFinite(term.Value.Item()) : term.Value.Item() == 0, term.Name);
        }
    }

    [Fact]
    public void Localization_without_distributions_is_refused()
    {
        HeadInputs inputs = HeadInputs.ReadRotated();
        DenseOutput Plain(string who)
        {
            DenseOutput output = inputs.OutputWithFeatures(who);
            return output with
            {
                Levels = [.. output.Levels.Select(l => l
                with { BoxLogits = l.BoxLogits.Narrow(1, 0, s_priors.PerCell * BoxForm.Rotated.Numbers()) })]
            };
        }

        (DenseOutput student, DenseOutput teacher) = (Plain("student"), Plain("teacher"));
        var coding = new RotatedDeltaCoding(new RotatedCoderOptions());
        Assert.Throws<KnowledgeMismatchException>(() => Check([Terms.Main], student, teacher));

        // General instances are found among decoded boxes, which need none; but both networks must predict them in one way.
        DistillationTerm instances = Terms.Imitation(Region.GeneralInstances, 1);
        Assert.True(double.IsFinite(new Distiller([instances], coding).Compute(student, teacher, Assign(inputs))[0].Value.Item()));
        Check([instances], student, teacher);
        Assert.Throws<KnowledgeMismatchException>(() => Check([instances], student, inputs.OutputWithFeatures("teacher")));
    }

    private static void Check(DistillationTerm[] terms, DenseOutput student, DenseOutput teacher) =>
        Compatibility.Check(Outputs.Of(student, BoxForm.Rotated, s_priors.PerCell), Outputs.Of(teacher, BoxForm.Rotated, s_priors.PerCell),
            terms);

    private static BatchAssignment Assign(HeadInputs inputs) =>
        new MaxIouAssigner(s_priors, new MaxIouOptions { Rotated = AngleConvention.Oc })
        .Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
}

using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Distillation.Tests;

/// <summary>
/// ATSS, FCOS and RetinaNet with a teacher, against the authors' numbers; with the terms of recipes/_base/ld_reference_*.yaml.
/// </summary>
[Trait("Category", Golden.Category)]
public class OtherHeadsGoldenTests : TensorTest
{
    private static readonly IReadOnlyList<DistillationTerm> s_atss = Terms.Shipped("ld_reference_atss");
    private static readonly IReadOnlyList<DistillationTerm> s_fcos = Terms.Shipped("ld_reference_fcos");
    private static readonly IReadOnlyList<DistillationTerm> s_retina = Terms.Shipped("ld_reference_retina");
    private static readonly int[] s_strides = [8, 16, 32, 64, 128];

    [Fact]
    public void Terms_and_gradients_of_atss_are_the_references()
    {
        HeadInputs inputs = HeadInputs.Read();
        (DenseOutput student, DenseOutput teacher) =
            (inputs.Output("student", HeadMaps.Centerness), inputs.Output("teacher", HeadMaps.Centerness));
        BatchAssignment assignment = Atss().Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        IReadOnlyList<LossTerm> own = new CenternessCriterion(new CenternessOptions()).Compute(student, assignment, new DistanceCoding());
        IEnumerable<LossTerm> taught =
            Taught(s_atss, student, teacher, assignment).Select(t => t.Name == "loss_ld_vlr" ? t with { Name = "loss_ld_neg" } : t);
        HeadGolden.Check(Golden.Read("head_ld_atss").Tensors, student, [.. own, .. taught]);
    }

    // The reference raises here.
    [Theory]
    [InlineData(HeadMaps.Plain)]
    [InlineData(HeadMaps.Centerness)]
    [InlineData(HeadMaps.Joint)]
    public void Without_any_object_there_is_nothing_to_learn_from_the_teacher(HeadMaps maps)
    {
        HeadInputs inputs = HeadInputs.Read().WithoutObjects();
        (DenseOutput student, DenseOutput teacher) =
            (inputs.OutputWithFeatures("student", maps), inputs.OutputWithFeatures("teacher", maps));
        DistillationTerm[] terms = [.. Terms.Paper, .. s_atss, Terms.Imitation(Region.FineGrained, 2)];
        IReadOnlyList<LossTerm> values =
            new Distiller(terms).Compute(student, teacher, Atss().Assign(inputs.Levels, inputs.Targets, TestDevice.Current));
        Assert.All(values, term => Assert.Equal(0, term.Value.Item()));
        values.Select(t => t.Value).Aggregate((a, b) => a + b).Backward();
        Assert.All(student.Levels.SelectMany(l => l.BoxLogits.Grad!.ToArray<float>()), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Terms_and_gradients_of_fcos_are_the_references() => CheckFcos("head_ld_fcos", HeadInputs.Read());

    [Fact]
    public void Terms_of_fcos_with_an_image_without_objects_are_the_references() =>
        CheckFcos("head_ld_fcos_one_image_empty", HeadInputs.Read().WithoutObjects(1));

    [Fact]
    public void Terms_and_gradients_of_retina_are_the_references()
    {
        SafetensorsFile file = Golden.Read("head_ld_retina");
        HeadInputs inputs = HeadInputs.Read("head_inputs_retina");
        (DenseOutput student, DenseOutput teacher) = (inputs.Output("student"), inputs.Output("teacher"));
        BatchAssignment assignment = Retina().Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        IReadOnlyList<LossTerm> own = new RetinaCriterion(new RetinaOptions()).Compute(student, assignment, new DistanceCoding());
        HeadGolden.Check(file.Tensors, student, [.. own, .. Taught(s_retina, student, teacher, assignment)]);

        // The file has the region before the positives are left out.
        PriorSelection valuable = assignment.Regions.ValuableLocalization(new ValuableRegionOptions());
        float[][] region = AssignmentMaps.Spread(assignment.Priors, inputs.Targets.Count, valuable, valuable.Weight.ToArray<float>(), 0f);
        for (int l = 0; l < region.Length; l++)
        {
            Close(file.Tensors[$"vlr_region.{l}"].As<float>(), region[l]);
        }
    }

    // The reference raises here.
    [Fact]
    public void Retina_without_any_object_has_nothing_to_learn_from_its_teacher()
    {
        HeadInputs inputs = HeadInputs.Read("head_inputs_retina").WithoutObjects();
        (DenseOutput student, DenseOutput teacher) = (inputs.Output("student"), inputs.Output("teacher"));
        IReadOnlyList<LossTerm> terms =
            new Distiller(s_retina).Compute(student, teacher, Retina().Assign(inputs.Levels, inputs.Targets, TestDevice.Current));
        Assert.All(terms, term => Assert.Equal(0, term.Value.Item()));
        terms.Select(t => t.Value).Aggregate((a, b) => a + b).Backward();
        Assert.All(student.Levels.SelectMany(l => l.BoxLogits.Grad!.ToArray<float>()), g => Assert.Equal(0, g));
    }

    private static AtssAssigner Atss() => new(PriorGenerator.Anchors(s_strides));

    private static void CheckFcos(string name, HeadInputs inputs)
    {
        (DenseOutput student, DenseOutput teacher) =
            (inputs.Output("student", HeadMaps.Centerness), inputs.Output("teacher", HeadMaps.Centerness));
        BatchAssignment assignment = new FcosAssigner(s_strides, new FcosOptions())
            .Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        IReadOnlyList<LossTerm> own =
            new CenternessCriterion(new CenternessOptions { Box = new IouLossOptions { Weight = 1 } })
            .Compute(student, assignment, new DistanceCoding());
        HeadGolden.Check(Golden.Read(name).Tensors, student, [.. own, .. Taught(s_fcos, student, teacher, assignment)]);
    }

    private static IEnumerable<LossTerm> Taught(
        IReadOnlyList<DistillationTerm> terms, DenseOutput student, DenseOutput teacher, BatchAssignment assignment) =>
        new Distiller(terms).Compute(student, teacher, assignment).Select(term => term.Name switch
        {
            "loss_ld_remaining" => term with { Name = "loss_ld_neg" },
            "loss_kd" => term with { Name = "loss_cls_kd" },
            _ => term,
        });

    private static MaxIouAssigner Retina() => new(PriorGenerator.Anchors(s_strides, 4, 3, [0.5, 1, 2]), new MaxIouOptions());
}

using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Distillation.Tests;

/// <summary>Whole heads with a teacher, against the authors' numbers.</summary>
[Trait("Category", Golden.Category)]
public class DistillerGoldenTests : TensorTest
{
    private static readonly PriorGenerator s_priors = PriorGenerator.Anchors([8, 16, 32, 64, 128]);

    [Theory]
    [InlineData("r18_config", null)]
    [InlineData("finegrained", Region.FineGrained)]
    [InlineData("fitnet", Region.InsideGroundTruth)]
    [InlineData("gibox", Region.GeneralInstances)]
    [InlineData("cover_and_tiny", Region.FineGrained)]
    public void Terms_and_gradients_are_the_references(string name, Region? imitation)
    {
        SafetensorsFile file = Golden.Read("head_ld_gflv1_" + name);
        HeadInputs inputs = HeadInputs.Read().WithTruthOf(file);
        (DenseOutput student, DenseOutput teacher) = (inputs.OutputWithFeatures("student"), inputs.OutputWithFeatures("teacher"));
        BatchAssignment assignment = new AtssAssigner(s_priors).Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        IReadOnlyList<DistillationTerm> terms = imitation is { } region ? [.. Terms.Paper, Terms.Imitation(region, ImitationWeight(file))]
            : Terms.Paper;
        IReadOnlyList<LossTerm> values = new Distiller(terms).Compute(student, teacher, assignment);
        HeadGolden.Check(file.Tensors, student, [.. new GflCriterion(new GflOptions()).Compute(student, assignment, new DistanceCoding()),
            .. values.Select(AsInFile)]);
    }

    // While it finds the general instances the published code keeps the mask of the insides.
    [Theory]
    [InlineData("finegrained", Region.FineGrained)]
    [InlineData("gibox", Region.GeneralInstances)]
    public void Terms_and_gradients_with_joint_scores_are_the_references(string name, Region imitation)
    {
        SafetensorsFile file = Golden.Read("head_ld_gflv2_" + name);
        HeadInputs inputs = HeadInputs.Read();
        (DenseOutput student, DenseOutput teacher) =
            (inputs.OutputWithFeatures("student", HeadMaps.Joint), inputs.OutputWithFeatures("teacher", HeadMaps.Joint));
        BatchAssignment assignment = new AtssAssigner(s_priors).Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        DistillationTerm[] terms =
        [
            .. Terms.Shipped("ld_reference_gflv2")
                .Select(t => t.Knowledge == Knowledge.Feature ? t with { Region = imitation, Weight = ImitationWeight(file) } : t),
        ];
        IReadOnlyList<LossTerm> values = new Distiller(terms).Compute(student, teacher, assignment);
        HeadGolden.Check(file.Tensors, student, [.. new GflCriterion(new GflOptions()).Compute(student, assignment, new DistanceCoding()),
            .. values.Select(AsInFile)]);
    }

    [Theory]
    [InlineData("finegrained", Region.FineGrained)]
    [InlineData("fitnet", Region.InsideGroundTruth)]
    [InlineData("gibox", Region.InsideGroundTruth)]
    public void Regions_of_a_batch_are_the_references(string name, Region imitation)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("head_ld_gflv1_" + name).Tensors;
        HeadInputs inputs = HeadInputs.Read();
        BatchAssignment assignment = new AtssAssigner(s_priors).Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        var regions = new RegionSelector(inputs.Output("student"), inputs.Output("teacher"), assignment);
        CheckRegion(golden, "vlr_region", assignment, regions.Select(Region.ValuableLocalization, new ValuableRegionOptions()));
        CheckRegion(golden, "im_region", assignment, regions.Select(imitation, new ValuableRegionOptions()));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("empty")]
    [InlineData("cover")]
    [InlineData("tiny")]
    [InlineData("overlap")]
    [InlineData("random14")]
    public void Imitation_regions_are_the_references(string name)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("region_imitation").Tensors;
        float[] boxes = golden[$"{name}.gt_bboxes"].As<float>().ToArray();
        var image = new ImageTargets(int.MaxValue / 2, int.MaxValue / 2, 1, 1, Boxes.Upright(boxes), new int[boxes.Length / 4]);
        BatchAssignment assignment = new AtssAssigner(s_priors).Assign(HeadInputs.Read().Levels, [image], TestDevice.Current);
        Assert.Equal(golden["anchors"].Shape[0], assignment.Priors.Count);
        Assert.All(
            (string[])["fitnet", "decouple", "gibox"],
            mode => Close(golden[$"{name}.{mode}"].As<float>(), OneImage(assignment, PriorRegions.InsideGroundTruth(assignment))));
        Close(golden[$"{name}.finegrained"].As<float>(), OneImage(assignment, PriorRegions.FineGrained(assignment)));
        float[] outside = OneImage(assignment, PriorRegions.OutsideGroundTruth(assignment));
        Close([.. golden[$"{name}.decouple"].As<float>().ToArray().Select(inside => 1 - inside)], outside);
        Assert.All(OneImage(assignment, PriorRegions.Everywhere(assignment)), value => Assert.Equal(1, value));
    }

    [Fact]
    public void General_instances_are_the_references()
    {
        SafetensorsFile file = Golden.Read("region_gibox");
        int[] strides = [8, 16, 32, 64, 128];
        Assert.Contains("level0.anchors", file.Tensors.Keys);
        for (int l = 0; file.Tensors.ContainsKey($"level{l}.anchors"); l++)
        {
            Tensor Read(string name) => TestTensor.From(file.Tensors[$"level{l}.{name}"]);
            Tensor anchors = Read("anchors") / strides[l];
            (Tensor boxes, Tensor scores) = GeneralInstances.Disagreement(
                anchors, Read("student_cls").Sigmoid(), Read("teacher_cls").Sigmoid(), Read("student_reg"), Read("teacher_reg"),
                    new DistanceCoding());
            Close(file.Tensors[$"level{l}.gi_scores"].As<float>(), scores, 1e-5, 1e-6);
            Close(file.Tensors[$"level{l}.gi_boxes"].As<float>(), boxes, 1e-5, 1e-5);
            Assert.Equal(file.Tensors[$"level{l}.gi_idx"].As<long>().ToArray(), GeneralInstances.Pick(boxes, scores).Select(k => (long)k));
        }
    }

    private static double ImitationWeight(SafetensorsFile file) =>
        file.Metadata.TryGetValue("loss_im", out string? text)
            ? double.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) : 2;

    // The files call every imitation loss_im, whatever its region.
    private static LossTerm AsInFile(LossTerm term) =>
        term.Name.StartsWith("loss_im", StringComparison.Ordinal) ? term with { Name = "loss_im" } : term;

    private static void CheckRegion(
        IReadOnlyDictionary<string, StoredTensor> golden, string name, BatchAssignment assignment, PriorSelection selection)
    {
        float[][] levels = Dense(assignment, selection);
        for (int l = 0; l < levels.Length; l++)
        {
            Close(golden[$"{name}.{l}"].As<float>(), levels[l]);
        }
    }

    private static float[] OneImage(BatchAssignment assignment, PriorSelection selection) =>
        [.. Dense(assignment, selection).SelectMany(l => l)];

    private static float[][] Dense(BatchAssignment assignment, PriorSelection selection)
    {
        long[] c = selection.Coordinates.ToArray<long>();
        float[] weights = selection.Weight.ToArray<float>();
        (int count, int next) = (selection.Count, 0);
        var levels = new float[assignment.Priors.Levels.Count][];
        for (int l = 0; l < levels.Length; l++)
        {
            PriorLevel level = assignment.Priors.Levels[l];
            levels[l] = new float[assignment.Targets.Count * level.Count];
            for (int end = next + selection.LevelCounts[l]; next < end; next++)
            {
                levels[l][(c[next] * level.Count) + (c[(2 * count) + next] * level.Width) + c[(3 * count) + next]] = weights[next];
            }
        }

        return levels;
    }
}

using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.PostProcessing;

/// <summary>The same post-processor on the maps of other heads: centerness, points, several anchors a cell, joint scores.</summary>
[Trait("Category", Golden.Category)]
public class OtherHeadsGoldenTests : LeakCheckedTest
{
    private static readonly int[] s_strides = [8, 16, 32, 64, 128];

    [Theory]
    [InlineData("default")]
    [InlineData("nmspre100_max50")]
    public void Atss_multiplies_by_centerness(string settings) =>
        Check($"head_atss_get_bboxes_{settings}", "head_inputs_maps", "head_inputs_maps", "student_cls", "student_ctr",
            PriorGenerator.Anchors(s_strides));

    [Theory]
    [InlineData("default")]
    [InlineData("nmspre100_max50")]
    public void Fcos_measures_from_points(string settings) =>
        Check($"head_fcos_get_bboxes_{settings}", "head_inputs_maps", "head_inputs_maps", "student_cls", "student_ctr",
            PriorGenerator.Points(s_strides));

    [Theory]
    [InlineData("default")]
    [InlineData("nmspre100_max50")]
    public void Retina_has_nine_anchors_a_cell(string settings) =>
        Check($"head_retina_get_bboxes_{settings}", "head_inputs_retina", "head_inputs_retina", "student_cls", null,
            PriorGenerator.Anchors(s_strides, 4, 3, [0.5, 1, 2]));

    [Theory]
    [InlineData("default")]
    [InlineData("nmspre100_max50")]
    public void Gflv2_gives_joint_scores(string settings) =>
        Check($"head_gflv2_get_bboxes_{settings}", "head_inputs_maps", "head_inputs_gflv2", "student_joint", null,
            PriorGenerator.Anchors(s_strides), joint: true);

    private static void Check(string file, string boxFile, string scoreFile, string scores, string? centerness, PriorGenerator priors,
        bool joint = false)
    {
        SafetensorsFile golden = Golden.Read(file), boxes = Golden.Read(boxFile), classes = Golden.Read(scoreFile);
        using var scope = new TensorScope();
        var output = new DenseOutput([.. Enumerable.Range(0, 5).Select(k => new LevelOutput(
            TestTensor.From(classes.Tensors[$"{(joint ? "student_logit" : scores)}.{k}"]),
                TestTensor.From(boxes.Tensors[$"student_reg.{k}"]),
            centerness is null ? null : TestTensor.From(boxes.Tensors[$"{centerness}.{k}"]),
            joint ? TestTensor.From(classes.Tensors[$"{scores}.{k}"]) : null))], []);
        var processor = new DensePostProcessor(priors, DecodingGoldenTests.Options(golden));
        for (int rescale = 0; rescale < 2; rescale++)
        {
            IReadOnlyList<Detections> detections =
                processor.Process(output, DecodingGoldenTests.Sizes(boxes, rescale == 1), new DistanceCoding());
            for (int image = 0; image < detections.Count; image++)
            {
                SuppressionGoldenTests.Compare(golden, $"rescale{rescale}.img{image}", detections[image], 1e-4);
            }
        }
    }
}

using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.PostProcessing;

/// <summary>From maps to detections against the reference's results.</summary>
[Trait("Category", Golden.Category)]
public class DecodingGoldenTests : LeakCheckedTest
{
    private static readonly int[] s_strides = [8, 16, 32, 64, 128];

    [Fact]
    public void Expectations_of_edge_distributions()
    {
        SafetensorsFile golden = Golden.Read("integral");
        using var scope = new TensorScope();
        Tensor logits = TestTensor.From(golden.Tensors["logits"]);
        logits.RequiresGrad = true;
        Tensor value = EdgeDistributions.Expectation(logits, 4);
        Near.Equal(golden.Tensors["value"], value, 1e-5);
        Near.Equal(golden.Tensors["grad_of_sum"], Tensor.Gradients(value.Sum(), [logits])[0]!, 1e-5);
        Near.Equal(golden.Tensors["value_regmax8"], EdgeDistributions.Expectation(TestTensor.From(golden.Tensors["logits_regmax8"]), 4),
            1e-5);
    }

    [Fact]
    public void Boxes_from_distances_are_clipped_to_the_image()
    {
        SafetensorsFile golden = Golden.Read("distance_codec");
        string name = golden.Tensors.Keys.Single(k => k.StartsWith("bbox_max_shape_"));
        int[] size = [.. name["bbox_max_shape_".Length..].Split('x').Select(int.Parse)];
        using var scope = new TensorScope();
        float[] boxes = BoxDistances.Decode(TestTensor.From(golden.Tensors["points"]), TestTensor.From(golden.Tensors["distance"]))
            .ToArray<float>();
        for (int k = 0; k < boxes.Length; k += 4)
        {
            BoxForm.Upright.Clip(boxes.AsSpan(k, 4), size[1], size[0]);
        }

        Near.Equal(golden.Tensors[name].As<float>(), boxes, 1e-6);
    }

    [Theory]
    [InlineData("head_gfl_get_bboxes_default")]
    [InlineData("head_gfl_get_bboxes_nmspre100_max50")]
    public void Detections_of_a_gfl_head(string file)
    {
        SafetensorsFile golden = Golden.Read(file);
        using var scope = new TensorScope();
        DenseOutput output = StudentMaps(Golden.Read("head_inputs_maps"));
        PostProcessingOptions options = Options(golden);
        var processor = new DensePostProcessor(PriorGenerator.Anchors(s_strides), options);
        for (int rescale = 0; rescale < 2; rescale++)
        {
            IReadOnlyList<Detections> detections = processor.Process(output, Sizes(golden, rescale == 1), new DistanceCoding());
            for (int image = 0; image < detections.Count; image++)
            {
                SuppressionGoldenTests.Compare(golden, $"rescale{rescale}.img{image}", detections[image], 1e-4);
            }
        }
    }

    // Whether a box goes or votes changes at a likeness that the reference computes on coordinates as large as 4000 * class, so that a last
    // bit of the decoded boxes decides it: what may come out is in bounds. (The same voting on given boxes is tested to 1e-5.)
    [Fact]
    public void Voted_detections_of_a_gfl_head()
    {
        SafetensorsFile golden = Golden.Read("head_gfl_get_bboxes_voting_cluster_diounms");
        using var scope = new TensorScope();
        PostProcessingOptions options = Options(golden);
        var voting = (ScoreVotingClusterDiouNms)options.Nms;
        int certainSides = 0;
        var processor = new DensePostProcessor(PriorGenerator.Anchors(s_strides), options);
        for (int rescale = 0; rescale < 2; rescale++)
        {
            IReadOnlyList<Candidates> candidates =
                processor.Decode(StudentMaps(Golden.Read("head_inputs_maps")), Sizes(golden, rescale == 1), new DistanceCoding());
            for (int image = 0; image < candidates.Count; image++)
            {
                var bounds = new VotingBounds(candidates[image], voting, options.MaxPerImage);
                float[] rows = golden.Tensors[$"rescale{rescale}.img{image}.dets"].As<float>().ToArray();
                int[] labels = [.. golden.Tensors[$"rescale{rescale}.img{image}.labels"].As<long>().ToArray().Select(label => (int)label)];
                bounds.Check(new Detections(Boxes.Upright([.. rows.Where((_, k) => k % 5 < 4)]), [.. rows.Where((_, k) => k % 5 == 4)],
                    labels));
                bounds.Check(voting.Apply(candidates[image], options.MaxPerImage));
                certainSides += bounds.CertainSides;
            }
        }

        Assert.True(certainSides > 0, "no side of any box is certain, so that nothing was compared");
    }

    [Theory]
    [InlineData("head_gfl_get_bboxes_default")]
    [InlineData("head_gfl_get_bboxes_nmspre100_max50")]
    public void Every_box_and_score_before_suppression(string file)
    {
        SafetensorsFile golden = Golden.Read(file);
        using var scope = new TensorScope();
        // A threshold of zero lets every class of every prior pass, so all boxes are decoded.
        PostProcessingOptions options = Options(golden) with { ScoreThreshold = 0 };
        IReadOnlyList<Candidates> found = new DensePostProcessor(PriorGenerator.Anchors(s_strides), options)
            .Decode(StudentMaps(Golden.Read("head_inputs_maps")), Sizes(golden, false), new DistanceCoding());
        for (int image = 0; image < found.Count; image++)
        {
            StoredTensor boxes = golden.Tensors[$"pre_nms.img{image}.bboxes"], scores = golden.Tensors[$"pre_nms.img{image}.scores"];
            int classes = (int)scores.Shape[1] - 1;
            Assert.Equal(boxes.Shape[0] * classes, found[image].Count);
            for (int row = 0; row < boxes.Shape[0]; row++)
            {
                Near.Equal(boxes.As<float>().Slice(4 * row, 4), found[image].Boxes[row * classes], 1e-4);
                Near.Equal(scores.As<float>().Slice(row * (classes + 1), classes), found[image].Scores.AsSpan(row * classes, classes),
                    1e-5);
            }
        }
    }

    internal static DenseOutput StudentMaps(SafetensorsFile inputs) =>
        new([.. Enumerable.Range(0, 5)
            .Select(k => new LevelOutput(TestTensor.From(inputs.Tensors[$"student_cls.{k}"]),
            TestTensor.From(inputs.Tensors[$"student_reg.{k}"])))], []);

    internal static PostProcessingOptions Options(SafetensorsFile golden)
    {
        using JsonDocument config = JsonDocument.Parse(golden.Metadata["cfg"]);
        JsonElement root = config.RootElement, nms = root.GetProperty("nms");
        double threshold = nms.GetProperty("iou_threshold").GetDouble();
        return new PostProcessingOptions
        {
            ScoreThreshold = root.GetProperty("score_thr").GetDouble(),
            NmsPre = root.GetProperty("nms_pre").GetInt32(),
            MaxPerImage = root.GetProperty("max_per_img").GetInt32(),
            Nms = nms.GetProperty("type").GetString() == "nms" ? new GreedyNms { Iou = threshold }
                : new ScoreVotingClusterDiouNms { Iou = threshold },
        };
    }

    internal static ImagePlacement[] Sizes(SafetensorsFile golden, bool rescale)
    {
        using JsonDocument metas = JsonDocument.Parse(golden.Metadata["img_metas"]);
        return [.. metas.RootElement.EnumerateArray().Select(meta =>
        {
            JsonElement shape = meta.GetProperty("img_shape"), scale = meta.GetProperty("scale_factor");
            return new ImagePlacement(shape[0].GetInt32(), shape[1].GetInt32(), rescale ? scale[0].GetSingle() : 1, rescale
                ? scale[1].GetSingle() : 1);
        })];
    }
}

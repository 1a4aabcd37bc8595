using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.PostProcessing;

/// <summary>Detections of rotated boxes against the reference's.</summary>
[Trait("Category", Golden.Category)]
public class RotatedPostProcessorTests : TensorTest
{
    [Theory]
    [InlineData("default", false)]
    [InlineData("default", true)]
    [InlineData("nmspre150_max40", false)]
    [InlineData("nmspre150_max40", true)]
    public void Detections_are_the_references(string name, bool rescale)
    {
        SafetensorsFile golden = Golden.Read("rot_head_get_bboxes_" + name);
        JsonElement settings = JsonDocument.Parse(golden.Metadata["cfg"]).RootElement;
        JsonElement metas = JsonDocument.Parse(Golden.Read("rot_head_inputs_student").Metadata["img_metas"]).RootElement;
        HeadInputs inputs = HeadInputs.ReadRotated();
        var options = new PostProcessingOptions
        {
            ScoreThreshold = settings.GetProperty("score_thr").GetDouble(),
            NmsPre = settings.GetProperty("nms_pre").GetInt32(),
            MaxPerImage = settings.GetProperty("max_per_img").GetInt32(),
            Nms = new GreedyNms { Iou = settings.GetProperty("nms").GetProperty("iou_thr").GetDouble() },
        };
        var coding = new RotatedDeltaCoding(new RotatedCoderOptions(), RotatedDeltaCoding.PublishedRanges);
        var processor = new DensePostProcessor(PriorGenerator.Anchors([8, 16, 32, 64, 128], 4, 3, [1, 0.5, 2]), options);
        IReadOnlyList<Detections> found = processor.Process(
            inputs.Output("student"), [.. inputs.Targets.Select((t, n) =>
                new ImagePlacement(t.Height, t.Width, Scale(metas[n], 0, rescale), Scale(metas[n], 1, rescale)))], coding);
        for (int n = 0; n < found.Count; n++)
        {
            string key = $"rescale{(rescale ? 1 : 0)}.img{n}";
            Assert.Equal(golden.Tensors[key + ".labels"].As<long>().ToArray(), found[n].Labels.Select(l => (long)l));
            Assert.Equal(BoxForm.Rotated, found[n].Boxes.Form);
            float[] rows = [.. Enumerable.Range(0, found[n].Count).SelectMany(k => found[n].Boxes[k].ToArray().Append(found[n].Scores[k]))];
            Close(golden.Tensors[key + ".dets"].As<float>(), rows, 1e-4, 1e-4);
        }
    }

    private static float Scale(JsonElement meta, int axis, bool rescale) =>
        rescale ? meta.GetProperty("scale_factor")[axis].GetSingle() : 1;
}

using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Evaluation.Voc;
using Retort.Torch.Checkpoints;

namespace Retort.Evaluation.Tests.Voc;

/// <summary>The reference computes in float32, hence the tolerance.</summary>
[Trait("Category", Golden.Category)]
public class VocGoldenTests
{
    private const double Tolerance = 2e-6;

    private static readonly (VocObjects Objects, VocDetections Detections, int Classes) Synthetic = Load();

    [Fact]
    public void Average_precision_of_a_curve_equals_the_reference()
    {
        SafetensorsFile golden = Golden.Read("voc_average_precision");
        double[] recall = Doubles(golden.Tensors["recall"]);
        double[] precision = Doubles(golden.Tensors["precision"]);
        Assert.Equal(Doubles(golden.Tensors["area"])[0], VocAveragePrecision.Compute(recall, precision, VocInterpolation.Area), Tolerance);
        Assert.Equal(Doubles(golden.Tensors["11points"])[0], VocAveragePrecision.Compute(recall, precision, VocInterpolation.ElevenPoint),
            Tolerance);
    }

    [Theory]
    [InlineData("area", VocInterpolation.Area)]
    [InlineData("11points", VocInterpolation.ElevenPoint)]
    public void Ten_thresholds_equal_the_reference(string name, VocInterpolation interpolation)
    {
        SafetensorsFile golden = Golden.Read("voc_eval");
        IReadOnlyList<VocEvaluation> results = Evaluate(new VocEvaluationOptions { Interpolation = interpolation });
        Near(golden.Tensors["iou_thrs"], results.Select(r => r.Options.IouThreshold), 0);
        Near(golden.Tensors[$"{name}.mean_ap"], results.Select(r => r.MeanAP));
        Near(golden.Tensors[$"{name}.ap"], results.SelectMany(r => r.Classes.Select(c => c.AP)));
        Assert.Equal(golden.Tensors["num_gts"].As<long>().ToArray(), results[0].Classes.Select(c => (long)c.Objects));
        Assert.Equal(golden.Tensors["num_dets"].As<long>().ToArray(), results[0].Classes.Select(c => (long)c.Recall.Length));
        foreach (VocClassResult item in results[0].Classes)
        {
            Near(golden.Tensors[$"{name}.iou0.5.class{item.Class}.precision"], item.Precision);
            Near(golden.Tensors[$"{name}.iou0.5.class{item.Class}.recall"], item.Recall);
        }
    }

    [Fact]
    public void Scale_ranges_equal_the_reference()
    {
        SafetensorsFile golden = Golden.Read("voc_eval");
        VocScaleRange[] ranges = [new(0, 32), new(32, 96), new(96, 1e5)];
        VocEvaluation[] results = [.. ranges.Select(range => Evaluate(new VocEvaluationOptions { Scale = range })[0])];
        Near(golden.Tensors["scale_ranges.mean_ap"], results.Select(r => r.MeanAP));
        Near(golden.Tensors["scale_ranges.ap"], Enumerable.Range(0, Synthetic.Classes)
            .SelectMany(k => results.Select(r => r.Classes[k].AP)));
        Assert.Equal(
            golden.Tensors["scale_ranges.num_gts"].As<long>().ToArray(),
            Enumerable.Range(0, Synthetic.Classes).SelectMany(k => results.Select(r => (long)r.Classes[k].Objects)));
    }

    private static IReadOnlyList<VocEvaluation> Evaluate(VocEvaluationOptions options) =>
        VocEvaluator.EvaluateThresholds(Synthetic.Objects, Synthetic.Detections, Synthetic.Classes, options);

    private static (VocObjects, VocDetections, int) Load()
    {
        using JsonDocument json = Golden.ReadJson("voc/synth.json.gz");
        List<(int Image, int Class, double[] Box, bool Difficult)> objects = [];
        List<(int Image, int Class, double[] Row)> detections = [];
        int image = 0;
        foreach (JsonElement entry in json.RootElement.GetProperty("images").EnumerateArray())
        {
            AddObjects("gt", "gt_labels", difficult: false);
            AddObjects("difficult", "difficult_labels", difficult: true);
            detections.AddRange(entry.GetProperty("dets").EnumerateArray()
                .SelectMany((rows, k) => rows.Deserialize<double[][]>()!.Select(row => (image, k, row))));
            image++;

            void AddObjects(string boxes, string labels, bool difficult) => objects.AddRange(
                entry.GetProperty(boxes).Deserialize<double[][]>()!.Zip(entry.GetProperty(labels).Deserialize<int[]>()!,
                    (box, label) => (image, label, box, difficult)));
        }

        return (
            new VocObjects
            {
                Images = [.. objects.Select(o => o.Image)],
                Classes = [.. objects.Select(o => o.Class)],
                Boxes = [.. objects.SelectMany(o => o.Box)],
                Difficult = [.. objects.Select(o => o.Difficult)],
            },
            new VocDetections
            {
                Images = [.. detections.Select(d => d.Image)],
                Classes = [.. detections.Select(d => d.Class)],
                Boxes = [.. detections.SelectMany(d => d.Row[..4])],
                Scores = [.. detections.Select(d => d.Row[4])],
            },
            json.RootElement.GetProperty("num_classes").GetInt32());
    }

    private static double[] Doubles(StoredTensor tensor) =>
        tensor.Type == Retort.Torch.ScalarType.Float64 ? tensor.As<double>().ToArray()
            : Array.ConvertAll(tensor.As<float>().ToArray(), v => (double)v);

    private static void Near(StoredTensor expected, IEnumerable<double> actual, double tolerance = Tolerance)
    {
        (double[] values, double[] ours) = (Doubles(expected), actual.ToArray());
        Assert.Equal(values.Length, ours.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(values[i] - ours[i]) <= tolerance, $"element {i}: expected {values[i]:R}, got {ours[i]:R}");
        }
    }
}

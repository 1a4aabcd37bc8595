using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Evaluation.Dota;
using Retort.Evaluation.Voc;
using Retort.Torch.Checkpoints;

namespace Retort.Evaluation.Tests.Dota;

[Trait("Category", Golden.Category)]
public class DotaGoldenTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Task_1_equals_the_reference_at_ten_thresholds()
    {
        SafetensorsFile golden = Golden.Read("dota_eval_task1");
        string[] classes = JsonSerializer.Deserialize<string[]>(golden.Metadata["classes"])!;
        var sample = new Task1Sample(classes);
        DotaEvaluation result = DotaEvaluator.Evaluate(sample.Objects, sample.Detections, classes.Length);
        Near(golden.Tensors["ap_11point"], ByThreshold(result));
        Near(golden.Tensors["map_as_printed_by_script"], result.ReferencePrint().Printed);
        Near(golden.Tensors["total_as_printed"], [result.ReferencePrint().Total]);
        foreach (DotaClassResult item in result.Classes)
        {
            (double[] recall, double[] precision) = item.Curve(0.5);
            Near(golden.Tensors[$"iou0.5.{classes[item.Class]}.recall"], recall);
            Near(golden.Tensors[$"iou0.5.{classes[item.Class]}.precision"], precision);
        }
    }

    [Fact]
    public void The_area_under_the_curve_equals_the_reference()
    {
        SafetensorsFile golden = Golden.Read("dota_eval_task1");
        string[] classes = JsonSerializer.Deserialize<string[]>(golden.Metadata["classes"])!;
        var sample = new Task1Sample(classes);
        DotaEvaluation result = DotaEvaluator.Evaluate(sample.Objects, sample.Detections, classes.Length,
            new DotaEvaluationOptions { Interpolation = VocInterpolation.Area });
        Near(golden.Tensors["ap_area"], ByThreshold(result));
    }

    [Fact]
    public void Merged_windows_equal_the_reference()
    {
        SafetensorsFile golden = Golden.Read("dota_merge");
        float[][] rows = Rows(golden.Tensors["in"], 7);
        double threshold = double.Parse(golden.Metadata["iou_thr"], System.Globalization.CultureInfo.InvariantCulture);
        var patches = new Task1Results(["P1__1024__100___50"], new DotaDetections
        {
            Images = new int[rows.Length],
            Classes = [.. rows.Select(r => (int)r[0])],
            Polygons = [.. rows.SelectMany(r => Corners(r.AsSpan(1)).Moved(-100, -50).ToArray())],
            Scores = [.. rows.Select(r => (double)r[6])],
        });
        Task1Results merged = patches.Merge(threshold);
        Assert.Equal(["P1"], merged.ImageNames);
        const string Kept = "out_poly.class";
        string[] names = [.. golden.Tensors.Keys.Where(name => name.StartsWith(Kept, StringComparison.Ordinal))];
        Assert.NotEmpty(names);
        Assert.Equal(merged.Detections.Count, names.Sum(name => golden.Tensors[name].Shape[0]));
        foreach (string name in names)
        {
            int k = int.Parse(name[Kept.Length..], System.Globalization.CultureInfo.InvariantCulture);
            int[] ours = [.. Enumerable.Range(0, merged.Detections.Count).Where(i => merged.Detections.Classes[i] == k)];
            Near(golden.Tensors[name], ours.SelectMany(i => (double[])[.. merged.Detections.Polygons.AsSpan(8 * i, 8),
                merged.Detections.Scores[i]]), 1e-3);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.75)]
    public void Mean_average_precision_on_windows_equals_the_reference(double threshold)
    {
        SafetensorsFile golden = Golden.Read("dota_dataset_map");
        (DotaObjects objects, DotaDetections detections, int classes) = Windows(golden);
        DotaEvaluation result = DotaEvaluator.Evaluate(objects, detections, classes, DotaEvaluationOptions.Windows);
        Assert.Equal(golden.Tensors[$"map{threshold}"].As<double>()[0], result.MeanAt(threshold)!.Value, 1e-6);
        Near(golden.Tensors[$"ap{threshold}"], result.Classes.Select(c => c.AP[result.Options.Thresholds.ToList().IndexOf(threshold)]),
            1e-6);
    }

    private static (DotaObjects, DotaDetections, int) Windows(SafetensorsFile golden)
    {
        int images = golden.Tensors.Keys.Count(k => k.EndsWith(".gt", StringComparison.Ordinal));
        int classes = golden.Tensors.Keys.Count(k => k.StartsWith("img0.dets", StringComparison.Ordinal));
        var objects = Enumerable.Range(0, images).SelectMany(i => Rows(golden.Tensors[$"img{i}.gt"], 5)
            .Zip(golden.Tensors[$"img{i}.labels"].As<long>().ToArray(), (box, label) => (i, label, box))).ToArray();
        var found = Enumerable.Range(0, images)
            .SelectMany(i => Enumerable.Range(0, classes)
            .SelectMany(k => Rows(golden.Tensors[$"img{i}.dets{k}"], 6).Select(row => (i, k, row)))).ToArray();
        return (
            new DotaObjects
            {
                Images = [.. objects.Select(o => o.i)],
                Classes = [.. objects.Select(o => (int)o.label)],
                Polygons = [.. objects.SelectMany(o => Corners(o.box).ToArray())],
            },
            new DotaDetections
            {
                Images = [.. found.Select(d => d.i)],
                Classes = [.. found.Select(d => d.k)],
                Polygons = [.. found.SelectMany(d => Corners(d.row).ToArray())],
                Scores = [.. found.Select(d => (double)d.row[5])],
            },
            classes);
    }

    private static Quadrilateral Corners(ReadOnlySpan<float> box) =>
        new RotatedBox(box[0], box[1], box[2], box[3], box[4]).Corners.BeginningTopLeft();

    private static IEnumerable<double> ByThreshold(DotaEvaluation result) =>
        Enumerable.Range(0, result.Options.Thresholds.Count).SelectMany(t => result.Classes.Select(c => c.AP[t]));

    private static float[][] Rows(StoredTensor tensor, int width) => [.. tensor.As<float>().ToArray().Chunk(width)];

    private static void Near(StoredTensor expected, IEnumerable<double> actual, double tolerance = Tolerance)
    {
        double[] values = expected.As<double>().ToArray();
        double[] ours = [.. actual];
        Assert.Equal(values.Length, ours.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(values[i] - ours[i]) <= tolerance, $"element {i}: expected {values[i]:R}, got {ours[i]:R}");
        }
    }
}

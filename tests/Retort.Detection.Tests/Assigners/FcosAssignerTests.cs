using Retort.Core.Options;
using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Assigners;

public class FcosAssignerTests : TensorTest
{
    private static readonly int[] s_strides = [8, 16, 32, 64, 128];
    private static readonly (int, int)[] s_levels = [(8, 8), (4, 4), (2, 2), (1, 1), (1, 1)];

    public static TheoryData<string, string> Cases =>
        [.. from file in new[] { "assign_fcos_center0", "assign_fcos_center1" }
            from name in new[] { "A", "B", "empty", "cover", "tiny", "overlap", "random14" }
            select (file, name)];

    [Theory]
    [Trait("Category", Golden.Category)]
    [MemberData(nameof(Cases))]
    public void Labels_distances_and_remaining_points_are_the_references(string name, string objects)
    {
        SafetensorsFile file = Golden.Read(name);
        int classes = int.Parse(file.Metadata["num_classes"]);
        ImageTargets image = Image(file, objects);
        BatchAssignment assignment = new FcosAssigner(s_strides, Options(file)).Assign(Levels(file), [image], TestDevice.Current);
        (PriorGrid grid, PriorSelection selection) = (assignment.Priors, assignment.Positives.Selection);
        for (int l = 0; l < s_strides.Length; l++)
        {
            Assert.Equal(file.Tensors[$"points.{l}"].As<float>().ToArray(), grid.ToTensor(l, TestDevice.Current).Narrow(1, 0, 2)
                .ToArray<float>());
        }

        int[] labels = AssignmentMaps.OneImage(grid, selection, assignment.Positives.Labels.ToArray<int>(), classes);
        Assert.Equal(file.Tensors[$"{objects}.labels"].As<int>().ToArray(), labels);
        float[] remaining = AssignmentMaps.Weights(grid, assignment.Regions.Remaining);
        Assert.Equal(file.Tensors[$"{objects}.ld_labels"].As<int>().ToArray(),
            labels.Zip(remaining, (label, value) => value > 0 ? classes + 1 : label));

        Tensor points = assignment.Positives.Priors.Narrow(1, 0, 2);
        float[] distances = BoxDistances.Encode(points, assignment.Positives.Boxes).Clamp(min: 0).ToArray<float>();
        float[] expected = [.. file.Tensors[$"{objects}.bbox_targets"].As<float>().ToArray().Chunk(4).Zip(labels)
            .Where(t => t.Second < classes).SelectMany(t => t.First)];
        Close(expected, distances);
    }

    [Fact]
    public void All_points_are_trained_and_positives_are_counted_over_the_batch()
    {
        var image = new ImageTargets(64, 64, 64, 64, Boxes.Upright(4, 4, 60, 60), [1]);
        ImageTargets empty = image with { PadHeight = 32, Boxes = Boxes.None, Labels = [] };
        BatchAssignment assignment = new FcosAssigner(s_strides, new FcosOptions())
            .Assign(s_levels, [empty, image, empty], TestDevice.Current);
        Assert.Equal(assignment.Positives.Count, assignment.PositiveNormalizer);
        Assert.True(assignment.Positives.Count > 0);
        Assert.All(assignment.LabelWeights.SelectMany(w => w.ToArray<float>()), w => Assert.Equal(1, w));
        Assert.All(assignment.Positives.Selection.Coordinates.Select(0, 0).ToArray<long>(), n => Assert.Equal(1, n));
        Assert.Equal(1, new FcosAssigner(s_strides, new FcosOptions()).Assign(s_levels, [empty], TestDevice.Current).PositiveNormalizer);
    }

    [Fact]
    public void Regions_that_need_overlaps_are_measured_with_preset_anchors_on_the_points()
    {
        var image = new ImageTargets(64, 64, 64, 64, Boxes.Upright(4, 4, 60, 60), [1]);
        BatchAssignment assignment = new FcosAssigner(s_strides, new FcosOptions()).Assign(s_levels, [image], TestDevice.Current);
        float[] anchor = assignment.Regions.Anchors.Boxes[..4].ToArray(), point = assignment.Priors.Boxes[..4].ToArray();
        Assert.Equal([4, 4, 4, 4], point);
        Assert.Equal([-28, -28, 36, 36], anchor);
        Assert.NotEqual(0, PriorRegions.FineGrained(assignment).Count);

        // The region of ATSS with the same anchors.
        var anchors = PriorGenerator.Anchors(s_strides, centred: true);
        BatchAssignment atss = new AtssAssigner(anchors).Assign(s_levels, [image], TestDevice.Current);
        float[] expected = AssignmentMaps.Weights(atss.Priors, atss.Regions.ValuableLocalization(new ValuableRegionOptions()));
        Assert.Contains(expected, value => value > 0);
        foreach (RegionThreshold threshold in Enum.GetValues<RegionThreshold>())
        {
            PriorSelection valuable = assignment.Regions.ValuableLocalization(new ValuableRegionOptions { Threshold = threshold });
            Assert.Equal(expected, AssignmentMaps.Weights(assignment.Priors, valuable));
        }

        PriorSelection disjoint = assignment.Regions.ValuableLocalization(new ValuableRegionOptions { Gamma = 0, ExcludePositives = true });
        float[] positives = AssignmentMaps.Weights(assignment.Priors, assignment.Positives.Selection);
        Assert.DoesNotContain(AssignmentMaps.Weights(assignment.Priors, disjoint).Zip(positives), both => both.First > 0
            && both.Second > 0);
    }

    [Fact]
    public void Objects_off_the_maps_and_broken_ones_have_no_points()
    {
        var image = new ImageTargets(64, 64, 64, 64, Boxes.Upright(200, 200, 300, 300, 20, 20, 20, 30, 40, 40, 30, 30, -50, -50, -4, -4),
            [0, 1, 2, 3]);
        BatchAssignment assignment = new FcosAssigner(s_strides, new FcosOptions())
            .Assign([(8, 8), (4, 4), (2, 2), (1, 1), (1, 1)], [image], TestDevice.Current);
        Assert.Equal(0, assignment.Positives.Count);
        Assert.Equal(0, assignment.Regions.Remaining.Count);
    }

    [Fact]
    public void Settings_out_of_their_range_are_refused()
    {
        Assert.Throws<OptionException>(() => new FcosAssigner(s_strides, new FcosOptions { Reach = 0 }));
        Assert.Throws<OptionException>(() => new FcosAssigner(s_strides, new FcosOptions { CentreRadius = -1 }));
    }

    private static FcosOptions Options(SafetensorsFile file) => new()
    {
        CentreRadius = file.Metadata["center_sampling"] == "true"
            ? JsonSerializer.Deserialize<double>(file.Metadata["center_sample_radius"]) : 0,
        Reach = JsonSerializer.Deserialize<double[][]>(file.Metadata["regress_ranges"])![0][1] / s_strides[0],
    };

    private static (int, int)[] Levels(SafetensorsFile file) => [.. s_strides.Select((_, l) =>
    {
        float[][] points = [.. file.Tensors[$"points.{l}"].As<float>().ToArray().Chunk(2)];
        return (points.Select(p => p[1]).Distinct().Count(), points.Select(p => p[0]).Distinct().Count());
    })];

    private static ImageTargets Image(SafetensorsFile file, string name) => new(
        int.MaxValue / 2,
        int.MaxValue / 2,
        1,
        1,
        Boxes.Upright(file.Tensors[$"{name}.gt_bboxes"].As<float>().ToArray()),
        [.. file.Tensors[$"{name}.gt_labels"].As<long>().ToArray().Select(l => (int)l)]);
}

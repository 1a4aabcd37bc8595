using Retort.Core.Options;
using System.Globalization;
using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Assigners;

public class MaxIouAssignerTests : TensorTest
{
    private static readonly int[] s_strides = [8, 16, 32, 64, 128];
    private static readonly PriorGenerator s_priors = PriorGenerator.Anchors(s_strides, 4, 3, [0.5, 1, 2]);

    private static readonly (int, int)[] s_small = [(4, 4), (2, 2), (1, 1), (1, 1), (1, 1)];

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("empty")]
    [InlineData("cover")]
    [InlineData("tiny")]
    [InlineData("overlap")]
    [InlineData("random14")]
    public void Labels_owners_and_valuable_region_are_the_references(string name)
    {
        SafetensorsFile file = Golden.Read("assign_maxiou_retina");
        IReadOnlyDictionary<string, StoredTensor> golden = file.Tensors;
        (int, int)[] levels = Levels(file);
        ImageTargets image = Image(golden[$"{name}.gt_bboxes"], golden[$"{name}.gt_labels"]);
        BatchAssignment assignment = new MaxIouAssigner(s_priors, Options(file)).Assign(levels, [image], TestDevice.Current);
        (PriorGrid grid, PriorSelection selection) = (assignment.Priors, assignment.Positives.Selection);

        Assert.Equal(golden["anchors"].As<float>().ToArray(), grid.Boxes.ToArray());
        int[] owners = golden[$"{name}.assigned_gt_inds"].As<int>().ToArray();
        Assert.Equal(owners.Select(o => o < 0 ? 0f : 1f), assignment.LabelWeights.SelectMany(w => w.ToArray<float>()));
        Assert.Equal(golden[$"{name}.labels"].As<int>().ToArray(), AssignmentMaps.OneImage(
            grid, selection, assignment.Positives.Labels.ToArray<int>(), -1));
        float[] boxes = [.. owners.SelectMany(o => o > 0 ? image.Boxes[(int)o - 1].ToArray() : new float[4])];
        Assert.Equal(boxes, AssignmentMaps.OneImage(grid, selection, assignment.Positives.Boxes.ToArray<float>(), 0f, width: 4));
        CheckOverlaps(golden[$"{name}.max_overlaps"].As<float>(), AssignmentMaps.Weights(grid, selection), owners);
        CheckRegion(golden, name, assignment);
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void Priors_in_ignored_boxes_are_the_references()
    {
        SafetensorsFile file = Golden.Read("assign_maxiou_retina");
        double share = double.Parse(file.Metadata["A_ignore"].Split('=', ',')[1], CultureInfo.InvariantCulture);
        ImageTargets image = Image(file.Tensors["A.gt_bboxes"], file.Tensors["A.gt_labels"])
            with
        { IgnoredBoxes = Boxes.Upright(file.Tensors["A_ignore.gt_bboxes_ignore"].As<float>().ToArray()) };
        BatchAssignment assignment = new MaxIouAssigner(s_priors, Options(file) with { IgnoredIof = share })
            .Assign(Levels(file), [image], TestDevice.Current);
        float[] trained = [.. assignment.LabelWeights.SelectMany(w => w.ToArray<float>())];
        Assert.Equal(file.Tensors["A_ignore.assigned_gt_inds"].As<int>().ToArray().Select(o => o < 0 ? 0f : 1f), trained);
        Assert.Equal(
            file.Tensors["A_ignore.labels"].As<int>().ToArray(),
            AssignmentMaps.OneImage(assignment.Priors, assignment.Positives.Selection, assignment.Positives.Labels.ToArray<int>(), -1));
    }

    [Fact]
    public void Ignored_boxes_are_those_of_their_own_image()
    {
        var priors = PriorGenerator.Anchors([16], 1);
        var image = new ImageTargets(64, 64, 64, 64, Boxes.Upright(24, 24, 40, 40), [3]);
        BatchAssignment assignment = new MaxIouAssigner(priors, new MaxIouOptions { IgnoredIof = 0.5 })
            .Assign([(4, 4)], [image, image with { IgnoredBoxes = Boxes.Upright(-8, -8, 9, 9, 20, 20, 44, 44) }, image],
                TestDevice.Current);
        Assert.Equal([0L, 2L], assignment.Positives.Selection.Coordinates.Select(0, 0).ToArray<long>());
        Assert.Equal([16f, 14f, 16f], assignment.LabelWeights[0].Sum([1]).ToArray<float>());
        Assert.Throws<OptionException>(() => new MaxIouAssigner(priors, new MaxIouOptions { IgnoredIof = 2 }));
    }

    [Fact]
    public void A_prior_between_the_thresholds_is_ignored_and_one_that_an_object_overlaps_most_is_not()
    {
        // One square anchor of 16 pixels a cell of 16, centres on the multiples of 16: the IoU with the anchor on (32, 32) is 100/256, with
        // the others less.
        var priors = PriorGenerator.Anchors([16], 1);
        var image = new ImageTargets(64, 64, 64, 64, Boxes.Upright(27, 27, 37, 37), [3]);
        BatchAssignment own = new MaxIouAssigner(priors, new MaxIouOptions { NegativeIou = 0.3 })
            .Assign([(4, 4)], [image], TestDevice.Current);
        Assert.Equal([3L], own.Positives.Labels.ToArray<long>());
        Assert.Equal(100f / 256, own.Positives.Selection.Weight.Item(), 1e-6);
        Assert.All(own.LabelWeights[0].ToArray<float>(), w => Assert.Equal(1, w));

        BatchAssignment none = new MaxIouAssigner(priors, new MaxIouOptions { NegativeIou = 0.3, LeastIou = 0.4 })
            .Assign([(4, 4)], [image], TestDevice.Current);
        Assert.Equal(0, none.Positives.Count);
        Assert.Equal([10], none.LabelWeights[0].ToArray<float>().Index().Where(w => w.Item == 0).Select(w => w.Index));
    }

    [Fact]
    public void An_object_without_area_has_no_priors() => Assert.Equal(
        0, new MaxIouAssigner(s_priors, new MaxIouOptions())
            .Assign(s_small, [new ImageTargets(32, 32, 32, 32, Boxes.Upright(8, 8, 8, 20), [0])], TestDevice.Current).Positives.Count);

    // The second object is off the image: every prior overlaps it as little as any other.
    [Theory]
    [InlineData(UnmatchedObjects.None, new long[] { 0, 1 })]
    [InlineData(UnmatchedObjects.Reference, new long[] { 1, 2 })]
    public void An_object_that_overlaps_no_prior_has_none_or_as_published_all(UnmatchedObjects unmatched, long[] labels)
    {
        var priors = PriorGenerator.Anchors([16], 1);
        var image = new ImageTargets(64, 48, 64, 48, Boxes.Upright(8, 8, 24, 24, 500, 500, 520, 520, 24, 24, 40, 40),
            [0, 2, 1])
        { IgnoredBoxes = Boxes.Upright(-8, -8, 8, 8) };
        BatchAssignment assignment = new MaxIouAssigner(priors, new MaxIouOptions { Unmatched = unmatched, IgnoredIof = 0.5 })
            .Assign([(4, 4)], [image], TestDevice.Current);
        long[] given = assignment.Positives.Labels.ToArray<long>();
        Assert.Equal(labels, given.Distinct().Order());

        // Of twelve priors on the image the first is ignored, and the last object has taken its own back.
        int taken = given.Count(label => label == 2);
        Assert.Equal(unmatched == UnmatchedObjects.Reference ? 11 - given.Count(label => label == 1) : 0, taken);
        Assert.Equal(11, assignment.LabelWeights[0].Sum().Item());
        Assert.All(assignment.Positives.Selection.Weight.ToArray<float>(), weight => Assert.True(weight > 0));

        // Where some overlap is asked for, this object has none either way.
        MaxIouOptions some = new() { Unmatched = unmatched, LeastIou = 0.1 };
        Assert.DoesNotContain(2L, new MaxIouAssigner(priors, some).Assign(
            [(4, 4)], [image], TestDevice.Current).Positives.Labels.ToArray<long>());
    }

    [Fact]
    public void The_valuable_region_can_lie_below_the_assigners_own_threshold()
    {
        var image = new ImageTargets(64, 64, 64, 64, Boxes.Upright(10, 12, 52, 49), [0]);
        BatchAssignment assignment = new MaxIouAssigner(s_priors, new MaxIouOptions())
            .Assign([(8, 8), (4, 4), (2, 2), (1, 1), (1, 1)], [image], TestDevice.Current);
        var options = new ValuableRegionOptions { Threshold = RegionThreshold.Assigner, Overlap = RegionOverlap.Diou };
        PriorSelection valuable = assignment.Regions.ValuableLocalization(options);
        Assert.NotEqual(assignment.Regions.ValuableLocalization(options with { Threshold = RegionThreshold.Adaptive }).Count,
            valuable.Count);
        using Tensor boxes = TestTensor.From(assignment.Priors.Boxes, assignment.Priors.Count, 4);
        using Tensor truth = TestTensor.From(image.Boxes.Numbers, 1, 4);
        float[] diou = BoxOverlaps.Pairwise(boxes, truth, OverlapKind.Diou).ToArray<float>();
        Assert.Equal(diou.Select(d => d is >= 0.125f and < 0.5f), AssignmentMaps.Weights(assignment.Priors, valuable).Select(w => w > 0));
    }

    [Fact]
    public void Thresholds_out_of_their_range_are_refused()
    {
        Assert.Throws<OptionException>(() => new MaxIouAssigner(s_priors, new MaxIouOptions { PositiveIou = 0.3 }));
        Assert.Throws<OptionException>(() => new MaxIouAssigner(s_priors, new MaxIouOptions { TopK = 0 }));
    }

    private static void CheckOverlaps(ReadOnlySpan<float> largest, float[] own, int[] owners)
    {
        for (int k = 0; k < own.Length; k++)
        {
            // An object takes the priors closest to it even where another overlaps them more.
            Assert.True(owners[k] > 0 ? own[k] > 0 && own[k] <= largest[k] : own[k] == 0, $"prior {k}: {own[k]} of {largest[k]}");
        }
    }

    private static void CheckRegion(IReadOnlyDictionary<string, StoredTensor> golden, string name, BatchAssignment assignment)
    {
        PriorSelection valuable = assignment.Regions.ValuableLocalization(new ValuableRegionOptions());
        if (golden.TryGetValue($"{name}.vlr_region", out StoredTensor? region))
        {
            new TiedCandidates(golden, name, assignment.Priors, assignment.Targets[0].Boxes.ToArray())
                .Check(region.As<float>(), AssignmentMaps.Weights(assignment.Priors, valuable));
        }
        else
        {
            Assert.Equal(0, valuable.Count);
        }
    }

    private static MaxIouOptions Options(SafetensorsFile file) => new()
    {
        PositiveIou = JsonSerializer.Deserialize<double>(file.Metadata["pos_iou_thr"]),
        NegativeIou = JsonSerializer.Deserialize<double>(file.Metadata["neg_iou_thr"]),
        LeastIou = JsonSerializer.Deserialize<double>(file.Metadata["min_pos_iou"]),
    };

    // The sizes of the maps follow from the anchors: a level has as many rows and columns as the first anchor of its cells has places.
    private static (int, int)[] Levels(SafetensorsFile file)
    {
        float[][] anchors = [.. file.Tensors["anchors"].As<float>().ToArray().Chunk(4)];
        int start = 0;
        return [.. JsonSerializer.Deserialize<int[]>(file.Metadata["num_level_anchors"])!.Select(count =>
        {
            float[][] cells = [.. anchors[start..(start += count)].Where((_, k) => k % s_priors.PerCell == 0)];
            return (cells.Select(b => b[1]).Distinct().Count(), cells.Select(b => b[0]).Distinct().Count());
        })];
    }

    private static ImageTargets Image(StoredTensor boxes, StoredTensor labels) =>
        new(int.MaxValue / 2, int.MaxValue / 2, 1, 1, Boxes.Upright(boxes.As<float>().ToArray()),
            [.. labels.As<long>().ToArray().Select(l => (int)l)]);
}

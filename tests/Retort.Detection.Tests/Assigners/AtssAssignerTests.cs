using Retort.Core.Options;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Assigners;

[Trait("Category", Golden.Category)]
public class AtssAssignerTests : TensorTest
{
    // What the reference has for a prior without object, in an image that has some.
    private const float Unassigned = -1e8f;
    private static readonly int[] s_strides = [8, 16, 32, 64, 128];

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("empty")]
    [InlineData("cover")]
    [InlineData("tiny")]
    [InlineData("overlap")]
    [InlineData("random14")]
    public void Labels_owners_and_valuable_region_are_the_references(string name)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("assign_atss").Tensors;
        (PriorGrid grid, (int, int)[] levels) = GridLike(golden["anchors"]);
        ImageTargets image = Image(int.MaxValue / 2, int.MaxValue / 2, golden[$"{name}.gt_bboxes"], golden[$"{name}.gt_labels"]);
        BatchAssignment assignment = new AtssAssigner(Gfl()).Assign(levels, [image], TestDevice.Current);

        TiedCandidates tied = CheckOwners(golden, name, name, assignment);
        if (golden.TryGetValue($"{name}.vlr_region", out StoredTensor? region))
        {
            PriorSelection valuable = assignment.Regions.ValuableLocalization(new ValuableRegionOptions());
            tied.Check(region.As<float>(), AssignmentMaps.Weights(grid, valuable));
        }
        else
        {
            Assert.Equal(0, assignment.Regions.ValuableLocalization(new ValuableRegionOptions()).Count);
        }
    }

    // The reference gives a prior that is ignored to an object still where a level has too few others.
    [Fact]
    public void Priors_in_ignored_boxes_are_the_references()
    {
        SafetensorsFile file = Golden.Read("assign_atss");
        IReadOnlyDictionary<string, StoredTensor> golden = file.Tensors;
        double share = double.Parse(Regex.Match(file.Metadata["A_ignore"], @"=\s*([0-9.]*[0-9])").Groups[1].Value,
            CultureInfo.InvariantCulture);
        (_, (int, int)[] levels) = GridLike(golden["anchors"]);
        ImageTargets image = Image(int.MaxValue / 2, int.MaxValue / 2, golden["A.gt_bboxes"], golden["A.gt_labels"])
            with
        { IgnoredBoxes = Boxes.Upright(golden["A_ignore.gt_bboxes_ignore"].As<float>().ToArray()) };
        CheckOwners(golden, "A_ignore", "A", new AtssAssigner(Gfl(), new AtssOptions { IgnoredIof = share })
            .Assign(levels, [image], TestDevice.Current));
    }

    [Fact]
    public void Ignored_boxes_are_those_of_their_own_image_and_only_where_they_are_asked_for()
    {
        var image = new ImageTargets(64, 64, 64, 64, Boxes.Upright(8, 8, 40, 40), [1]);
        ImageTargets crowded = image with { IgnoredBoxes = Boxes.Upright(-40, -40, 104, 104) };
        float[] Weights(double? share) =>
            new AtssAssigner(PriorGenerator.Anchors([8], 4), new AtssOptions { IgnoredIof = share })
                .Assign([(8, 8)], [image, crowded, image], TestDevice.Current).LabelWeights[0].Sum([1]).ToArray<float>();
        Assert.Equal([64f, 64f, 64f], Weights(null));
        float[] ignoring = Weights(0.5);
        Assert.Equal((64f, 64f), (ignoring[0], ignoring[2]));

        // All are ignored, but nine are candidates for lack of others, and of these some may be positive.
        Assert.InRange(ignoring[1], 0, 9);
        Assert.Throws<OptionException>(() => new AtssAssigner(Gfl(), new AtssOptions { IgnoredIof = 1.5 }));
    }

    [Fact]
    public void Priors_off_the_images_own_pad_are_left_out()
    {
        SafetensorsFile file = Golden.Read("assign_atss_partial_valid");
        IReadOnlyDictionary<string, StoredTensor> golden = file.Tensors;
        (PriorGrid grid, (int, int)[] levels) = GridLike(Golden.Read("assign_atss").Tensors["anchors"]);
        int[] pad = JsonSerializer.Deserialize<int[]>(file.Metadata["pad_shape"])!;
        ImageTargets image = Image(pad[0], pad[1], golden["gt_bboxes"], golden["gt_labels"]);
        BatchAssignment assignment = new AtssAssigner(Gfl()).Assign(levels, [image], TestDevice.Current);

        bool[] inside = golden["inside_flags"].As<bool>().ToArray();
        float[] weights = [.. assignment.LabelWeights.SelectMany(w => w.ToArray<float>())];
        Assert.Equal(inside, weights.Select(w => w > 0));
        long[] labels = AssignmentMaps.OneImage(grid, assignment.Positives.Selection, assignment.Positives.Labels.ToArray<long>(), -1L);
        Assert.Equal(golden["labels"].As<long>().ToArray(), labels.Where((_, k) => inside[k]));
        float[] owned = AssignmentMaps.OneImage(grid, assignment.Positives.Selection, assignment.Positives.Boxes.ToArray<float>(), 0f,
            width: 4);
        Assert.Equal(BoxesOf(golden["assigned_gt_inds"], image), owned.Where((_, k) => inside[k / 4]));
        float[] overlaps = AssignmentMaps.OneImage(grid, assignment.Positives.Selection,
            assignment.Positives.Selection.Weight.ToArray<float>(), Unassigned);
        Close(golden["max_overlaps"].As<float>(), [.. overlaps.Where((_, k) => inside[k])]);
        Close(golden["anchors_inside"].As<float>(), [.. grid.Boxes.ToArray().Where((_, k) => inside[k / 4])]);
        PriorSelection valuable = assignment.Regions.ValuableLocalization(new ValuableRegionOptions());
        float[] region = AssignmentMaps.OneImage(grid, valuable, valuable.Weight.ToArray<float>(), 0f);
        Close(golden["vlr_region"].As<float>(), [.. region.Where((_, k) => inside[k])]);
        Assert.All(region.Where((_, k) => !inside[k]), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Targets_of_a_batch_are_the_references()
    {
        SafetensorsFile file = Golden.Read("head_gfl_targets");
        var batch = HeadInputs.Read();
        BatchAssignment assignment = new AtssAssigner(Gfl()).Assign(batch.Levels, batch.Targets, TestDevice.Current);
        PositiveTargets positives = assignment.Positives;
        Assert.Equal(int.Parse(file.Metadata["num_total_pos"]), assignment.PositiveNormalizer);
        int images = batch.Targets.Count;
        int[][] labels = AssignmentMaps.Spread(assignment.Priors, images, positives.Selection, positives.Labels.ToArray<int>(),
            HeadInputs.Classes);
        float[][] boxes = AssignmentMaps.Spread(assignment.Priors, images, positives.Selection, positives.Boxes.ToArray<float>(), 0f,
            width: 4);
        for (int l = 0; l < batch.Levels.Length; l++)
        {
            Assert.Equal(file.Tensors[$"labels.{l}"].As<int>().ToArray(), labels[l]);
            Close(file.Tensors[$"label_weights.{l}"].As<float>(), assignment.LabelWeights[l]);
            Close(file.Tensors[$"bbox_targets.{l}"].As<float>(), boxes[l]);
            Assert.Equal([images, assignment.Priors.Levels[l].Count], assignment.LabelWeights[l].Shape);
        }
    }

    [Fact]
    public void A_batch_gives_what_its_images_give_alone_and_images_without_objects_change_nothing()
    {
        var batch = HeadInputs.Read();
        var assigner = new AtssAssigner(Gfl());
        ImageTargets empty = batch.Targets[0] with { Boxes = Boxes.None, Labels = [] };
        BatchAssignment together = assigner.Assign(batch.Levels, [empty, batch.Targets[0], empty, batch.Targets[1], empty],
            TestDevice.Current);
        float[][] alone = [.. batch.Targets.Select(t => assigner.Assign(
            batch.Levels, [t], TestDevice.Current).Positives.Boxes.ToArray<float>())];
        Assert.Equal(alone.Sum(a => a.Length), together.Positives.Boxes.Count);
        Assert.Equal(alone.SelectMany(a => a).Sum(), together.Positives.Boxes.ToArray<float>().Sum(), 1.0);
        Assert.All(together.Positives.Selection.Coordinates.Select(0, 0).ToArray<long>(), image => Assert.True(image is 1 or 3));
        Assert.Equal((alone.Sum(a => a.Length) / 4) + 3, together.PositiveNormalizer);
    }

    [Fact]
    public void Without_any_object_there_are_no_positives_and_no_regions()
    {
        BatchAssignment assignment = new AtssAssigner(Gfl()).Assign(
            [(4, 4), (2, 2), (1, 1), (1, 1), (1, 1)], [new ImageTargets(32, 32, 32, 32, Boxes.None, [])], TestDevice.Current);
        Assert.Equal(0, assignment.Positives.Count);
        Assert.Equal(1, assignment.PositiveNormalizer);
        Assert.Equal(0, assignment.Regions.ValuableLocalization(new ValuableRegionOptions()).Count);
    }

    [Fact]
    public void The_region_can_be_made_disjoint_from_the_positives_and_empty()
    {
        var batch = HeadInputs.Read();
        BatchAssignment assignment = new AtssAssigner(Gfl()).Assign(batch.Levels, batch.Targets, TestDevice.Current);
        HashSet<string> positives = Keys(assignment.Positives.Selection);
        var options = new ValuableRegionOptions { ExcludePositives = true, Gamma = 0 };
        foreach (RegionOverlap overlap in Enum.GetValues<RegionOverlap>())
        {
            HashSet<string> region = Keys(assignment.Regions.ValuableLocalization(options with { Overlap = overlap }));
            Assert.NotEmpty(region);
            Assert.Empty(region.Intersect(positives));
            Assert.Equal(0, assignment.Regions.ValuableLocalization(options with { Overlap = overlap, Gamma = 1 }).Count);
        }
    }

    // Labels, objects, overlaps and weights of a case; `objects` is the case that the objects are those of.
    private static TiedCandidates CheckOwners(
        IReadOnlyDictionary<string, StoredTensor> golden, string name, string objects, BatchAssignment assignment)
    {
        (PriorGrid grid, PositiveTargets positives, ImageTargets image) = (assignment.Priors, assignment.Positives, assignment.Targets[0]);
        var tied = new TiedCandidates(golden, objects, grid, image.Boxes.ToArray());
        float[] wanted = [.. golden[$"{name}.labels"].As<long>().ToArray().Select(label => (float)label)];
        tied.Check(wanted, AssignmentMaps.OneImage(grid, positives.Selection, positives.Labels.To(ScalarType.Float32).ToArray<float>(),
            -1f));
        StoredTensor owners = golden[$"{name}.assigned_gt_inds"];
        tied.Check(BoxesOf(owners, image),
            AssignmentMaps.OneImage(grid, positives.Selection, positives.Boxes.ToArray<float>(), 0f, width: 4), width: 4);
        tied.Check([.. owners.As<long>().ToArray().Select(o => o < 0 ? 0f : 1f)],
            [.. assignment.LabelWeights.SelectMany(w => w.ToArray<float>())]);
        float[] overlaps = AssignmentMaps.OneImage(grid, positives.Selection, positives.Selection.Weight.ToArray<float>(), image.Count == 0
            ? 0f : Unassigned);
        tied.Check(golden[$"{name}.max_overlaps"].As<float>(), overlaps);
        return tied;
    }

    private static float[] BoxesOf(StoredTensor owners, ImageTargets image) =>
        [.. owners.As<long>().ToArray().SelectMany(o => o > 0 ? image.Boxes[(int)o - 1].ToArray() : new float[4])];

    private static PriorGenerator Gfl() => PriorGenerator.Anchors(s_strides);

    private static HashSet<string> Keys(PriorSelection selection)
    {
        long[] c = selection.Coordinates.ToArray<long>();
        int k = selection.Count;
        int level = 0;
        var levels = selection.LevelCounts.SelectMany(n => Enumerable.Repeat(level++, n)).ToArray();
        return [.. Enumerable.Range(0, k).Select(i => $"{levels[i]}:{c[i]},{c[i + k]},{c[i + (2 * k)]},{c[i + (3 * k)]}")];
    }

    // The sizes of the maps follow from the anchors: a level has as many rows and columns as its anchors have places.
    private static (PriorGrid Grid, (int, int)[] Levels) GridLike(StoredTensor anchors)
    {
        float[] boxes = anchors.As<float>().ToArray();
        (int, int)[] levels = [.. s_strides.Select(s =>
        {
            float[][] own = [.. boxes.Chunk(4).Where(b => Math.Abs(b[2] - b[0] - (8 * s)) < 0.01)];
            return (own.Select(b => b[1]).Distinct().Count(), own.Select(b => b[0]).Distinct().Count());
        })];
        return (Gfl().Grid(levels), levels);
    }

    private static ImageTargets Image(int padHeight, int padWidth, StoredTensor boxes, StoredTensor labels) =>
        new(padHeight, padWidth, padHeight, padWidth, Boxes.Upright(boxes.As<float>().ToArray()),
            [.. labels.As<long>().ToArray().Select(l => (int)l)]);
}

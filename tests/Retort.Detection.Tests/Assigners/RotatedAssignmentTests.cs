using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Priors;
using Retort.Detection.Tests.Reference;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Assigners;

/// <summary>Assignment of rotated objects to upright anchors, and the regions around them.</summary>
public class RotatedAssignmentTests : TensorTest
{
    private static readonly PriorGenerator s_priors = PriorGenerator.Anchors([8, 16, 32, 64, 128], 4, 3, [1, 0.5, 2]);

    [Fact]
    [Trait("Category", Golden.Category)]
    public void Anchors_are_the_references()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("rot_anchors").Tensors;
        PriorGrid grid = s_priors.Grid(HeadInputs.ReadRotated().Levels);
        for (int l = 0; l < grid.Levels.Count; l++)
        {
            Near.Equal(golden[$"anchors.{l}"], RotatedBoxCoder.Upright(grid.ToTensor(l, TestDevice.Current)), 1e-5);
        }
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void Targets_are_the_references()
    {
        SafetensorsFile file = Golden.Read("rot_head_targets");
        HeadInputs inputs = HeadInputs.ReadRotated();
        BatchAssignment assignment = Assign(inputs);
        PositiveTargets positives = assignment.Positives;
        int images = inputs.Targets.Count, classes = int.Parse(Golden.Read("rot_head_inputs_student").Metadata["num_classes"]);
        int[][] labels = AssignmentMaps.Spread(assignment.Priors, images, positives.Selection,
            [.. positives.Labels.ToArray<long>().Select(l => (int)l)], classes);
        float[][] boxes = AssignmentMaps.Spread(assignment.Priors, images, positives.Selection, positives.Boxes.ToArray<float>(), 0f, 5);
        for (int l = 0; l < labels.Length; l++)
        {
            Assert.Equal(file.Tensors[$"labels.{l}"].As<int>().ToArray(), labels[l]);
            Close(file.Tensors[$"bbox_targets.{l}"].As<float>(), boxes[l]);
            Close(file.Tensors[$"label_weights.{l}"].As<float>(), assignment.LabelWeights[l]);
            Assert.Equal(file.Tensors[$"bbox_weights.{l}"].As<float>().ToArray(), labels[l].Select(label => label < classes ? 1f : 0f));
        }

        Assert.Equal(double.Parse(file.Metadata["num_total_pos"]), assignment.PositiveNormalizer);
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void The_published_region_of_localization_distillation_is_the_references()
    {
        BatchAssignment assignment = Assign(HeadInputs.ReadRotated());
        CheckRegion("ld_region", assignment, assignment.Regions.ValuableLocalization(new ValuableRegionOptions()));
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void The_fine_grained_anchors_are_the_references()
    {
        BatchAssignment assignment = Assign(HeadInputs.ReadRotated());
        CheckRegion("im_region", assignment, PriorRegions.FromValues(assignment, PriorRegions.FineGrainedMask(assignment)));
    }

    [Fact]
    public void Cells_of_fine_grained_anchors_are_grouped_right_and_as_published()
    {
        HeadInputs inputs = HeadInputs.ReadRotated();
        BatchAssignment assignment = Assign(inputs);
        PriorSelection right = PriorRegions.FineGrained(assignment).Cells, published = PriorRegions.FineGrainedReference(assignment);
        Assert.Equal(published.Count, published.Cells.Count);
        Assert.NotEqual(Places(right), Places(published));
        HashSet<string> places = [.. Places(right)];
        foreach ((string cell, double excess) in FineGrainedCells(assignment))
        {
            Assert.True(Math.Abs(excess) < 1e-5 || places.Contains(cell) == excess > 0, $"cell {cell}, {excess}");
        }
    }

    // Of each cell by how much the best of its nine anchors overlaps an upright hull more than half as much as the object's best anchor
    // does.
    private static IEnumerable<(string Cell, double Excess)> FineGrainedCells(BatchAssignment assignment)
    {
        PriorGrid grid = assignment.Priors;
        for (int n = 0; n < assignment.Targets.Count; n++)
        {
            int objects = assignment.Targets[n].Count;
            float[] overlaps = RotatedOverlaps.Pairwise(Anchors(grid), Upright(assignment.Targets[n].Boxes.ToArray()));
            double[] best = [.. Enumerable.Range(0, objects).Select(g => Enumerable.Range(0, grid.Count)
                .Max(k => (double)overlaps[(k * objects) + g]))];
            for (int l = 0; l < grid.Levels.Count; l++)
            {
                PriorLevel level = grid.Levels[l];
                for (int cell = 0; cell < level.Height * level.Width; cell++)
                {
                    int first = level.Start + (cell * grid.PerCell);
                    double excess = Enumerable.Range(0, grid.PerCell * objects).Max(
                        k => overlaps[(first * objects) + k] - (best[k % objects] / 2));
                    yield return ($"{l} {n} 0 {cell / level.Width} {cell % level.Width}", excess);
                }
            }
        }
    }

    private static float[] Anchors(PriorGrid grid) => Upright(grid.Boxes.ToArray());

    private static float[] Upright(float[] boxes) =>
        [.. boxes.Chunk(4).SelectMany(b => new[] { (b[0] + b[2]) / 2, (b[1] + b[3]) / 2, b[2] - b[0], b[3] - b[1], 0 })];

    [Fact]
    public void The_papers_region_lies_around_the_positives()
    {
        HeadInputs inputs = HeadInputs.ReadRotated();
        BatchAssignment assignment = Assign(inputs);
        PriorSelection region = assignment.Regions.ValuableLocalization(new ValuableRegionOptions { Overlap = RegionOverlap.Diou });
        Assert.InRange(region.Count, 1, assignment.Priors.Count);

        // The weight is the rotated IoU with the object that a prior overlaps most among those whose region it is in.
        float[] weights = AssignmentMaps.Weights(assignment.Priors, Only(region, 0));
        float[] anchors = [.. Enumerable.Range(0, assignment.Priors.Levels.Count)
            .SelectMany(l => RotatedBoxCoder.Upright(assignment.Priors.ToTensor(l, TestDevice.Current)).ToArray<float>())];
        float[] overlaps = RotatedOverlaps.Pairwise(anchors, inputs.Targets[0].In(BoxForm.Rotated).Numbers);
        int objects = inputs.Targets[0].Count;
        for (int k = 0; k < weights.Length; k++)
        {
            Assert.True(weights[k] == 0 || Enumerable.Range(0, objects).Any(
                g => Math.Abs(overlaps[(k * objects) + g] - weights[k]) < 1e-6));
        }
    }

    [Theory]
    [InlineData(RegionOverlap.Reference)]
    [InlineData(RegionOverlap.Diou)]
    public void Positives_are_left_out_where_asked_for_and_images_may_be_empty(RegionOverlap overlap)
    {
        var options = new ValuableRegionOptions { Overlap = overlap, ExcludePositives = true };
        BatchAssignment assignment = Assign(HeadInputs.ReadRotated());
        PriorSelection region = assignment.Regions.ValuableLocalization(options);
        HashSet<string> positives = [.. Places(assignment.Positives.Selection)];
        Assert.DoesNotContain(Places(region), positives.Contains);
        Assert.Equal(0, Assign(HeadInputs.ReadRotated().WithoutObjects()).Regions.ValuableLocalization(options).Count);
        Assert.NotEqual(0, Assign(HeadInputs.ReadRotated().WithoutObjects(0)).Regions.ValuableLocalization(options).Count);
    }

    [Theory]
    [InlineData(RegionOverlap.Reference)]
    [InlineData(RegionOverlap.Diou)]
    public void The_valuable_region_can_lie_below_the_assigners_own_threshold(RegionOverlap overlap)
    {
        // An anchor of 16 pixels a side on each cell of 8, and an object that is one of them.
        var priors = PriorGenerator.Anchors([8], 2);
        ImageTargets image = ImageTargets.Rotated(64, 64, 64, 64, Boxes.Rotated(32, 32, 16, 16, 0), [0]);
        var options = new MaxIouOptions { PositiveIou = 0.9, NegativeIou = 0.4, Rotated = AngleConvention.Oc };
        float[] Region(RegionThreshold threshold) => new MaxIouAssigner(priors, options).Assign([(8, 8)], [image], TestDevice.Current)
            .Regions.ValuableLocalization(
                new ValuableRegionOptions
                {
                    Overlap = overlap,
                    Threshold = threshold,
                    Gamma = 0.4,
                    ExcludePositives = true
                }).Weight.ToArray<float>();

        // The four neighbours overlap it by a third (less 64/832 for their distance): more than 0.4 times the 0.59 of the nine nearest,
        // less than 0.4 times 0.9.
        Assert.Equal([1f / 3, 1f / 3, 1f / 3, 1f / 3], Region(RegionThreshold.Adaptive));
        Assert.Empty(Region(RegionThreshold.Assigner));
    }

    [Fact]
    public void Inside_is_inside_of_the_rotated_box()
    {
        // A square on its corner: of the nine centres in the square around it, four lie in the corners and outside.
        var priors = PriorGenerator.Anchors([8], 2);
        ImageTargets image = ImageTargets.Rotated(64, 64, 64, 64, Boxes.Rotated(32, 32, 17, 17, MathF.PI / 4), [0]);
        BatchAssignment rotated = new MaxIouAssigner(priors, new MaxIouOptions { Rotated = AngleConvention.Oc })
            .Assign([(8, 8)], [image], TestDevice.Current);
        BatchAssignment upright = new MaxIouAssigner(priors, new MaxIouOptions()).Assign([(8, 8)], [image], TestDevice.Current);
        Assert.Equal((5, 9), (PriorRegions.InsideGroundTruth(rotated).Count, PriorRegions.InsideGroundTruth(upright).Count));
        Assert.Equal((59, 55), (PriorRegions.OutsideGroundTruth(rotated).Count, PriorRegions.OutsideGroundTruth(upright).Count));
        Assert.Equal((BoxForm.Rotated, BoxForm.Upright), (rotated.Form, upright.Form));
    }

    [Fact]
    public void A_detector_of_upright_boxes_does_not_look_at_rotated_ones()
    {
        var priors = PriorGenerator.Anchors([8], 2);
        ImageTargets turned = ImageTargets.Rotated(64, 64, 64, 64, Boxes.Rotated(32, 32, 40, 10, MathF.PI / 2), [0]);
        BatchAssignment Assign(ImageTargets image) =>
            new MaxIouAssigner(priors, new MaxIouOptions()).Assign([(8, 8)], [image], TestDevice.Current);
        Assert.Equal(
            Places(PriorRegions.FineGrainedReference(Assign(turned with { RotatedBoxes = null }))),
            Places(PriorRegions.FineGrainedReference(Assign(turned))));
    }

    [Fact]
    public void Objects_without_a_rotated_box_are_upright_ones()
    {
        var upright = new ImageTargets(64, 96, 64, 96, Boxes.Upright(10, 10, 50, 40), [0]);
        BatchAssignment assignment = new MaxIouAssigner(s_priors, new MaxIouOptions { Rotated = AngleConvention.Le90 })
            .Assign(HeadInputs.ReadRotated().Levels, [upright, upright], TestDevice.Current);
        Close([30, 25, 40, 30, 0], assignment.Positives.Boxes.Narrow(0, 0, 1));
        Assert.Equal(4, new MaxIouAssigner(s_priors, new MaxIouOptions())
            .Assign(HeadInputs.ReadRotated().Levels, assignment.Targets, TestDevice.Current).Positives.Boxes.Size(1));
        Assert.Throws<ArgumentException>(() => ImageTargets.Rotated(64, 64, 64, 64, Boxes.Rotated(30, 30, 20, 10), [0]));
    }

    private static BatchAssignment Assign(HeadInputs inputs) =>
        new MaxIouAssigner(s_priors, new MaxIouOptions { Rotated = AngleConvention.Oc })
        .Assign(inputs.Levels, inputs.Targets, TestDevice.Current);

    private static void CheckRegion(string name, BatchAssignment assignment, PriorSelection region)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("rot_head_ld_gwd_r18_r34").Tensors;
        float[][] values = AssignmentMaps.Spread(assignment.Priors, assignment.Targets.Count, region, region.Weight.ToArray<float>(), 0f);
        for (int l = 0; l < values.Length; l++)
        {
            Close(golden[$"{name}.{l}"].As<float>(), values[l]);
        }
    }

    private static IEnumerable<string> Places(PriorSelection selection)
    {
        long[] c = selection.Coordinates.ToArray<long>();
        int[] levels = [.. selection.LevelCounts.SelectMany((count, level) => Enumerable.Repeat(level, count))];
        return Enumerable.Range(0, selection.Count).Select(k => $"{levels[k]} {c[k]} {c[selection.Count + k]} "
            + $"{c[(2 * selection.Count) + k]} {c[(3 * selection.Count) + k]}");
    }

    // The part of a selection that is in one image.
    private static PriorSelection Only(PriorSelection selection, int image)
    {
        long[] c = selection.Coordinates.ToArray<long>();
        int count = selection.Count;
        int[] levels = [.. selection.LevelCounts.SelectMany((n, level) => Enumerable.Repeat(level, n))];
        int[] chosen = [.. Enumerable.Range(0, count).Where(k => c[k] == image)];
        long[] coordinates = [.. Enumerable.Range(0, 4).SelectMany(row => chosen.Select(k => row == 0 ? 0 : c[(row * count) + k]))];
        int[] counts = [.. Enumerable.Range(0, selection.LevelCounts.Count).Select(l => chosen.Count(k => levels[k] == l))];
        return new PriorSelection(TestTensor.From(coordinates, 4, chosen.Length),
            selection.Weight.IndexSelect(0, TestTensor.From(chosen.Select(k => (long)k).ToArray(), chosen.Length)), counts,
            selection.PerCell);
    }
}

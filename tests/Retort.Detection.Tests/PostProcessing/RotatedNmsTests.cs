using System.Globalization;
using CsCheck;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.PostProcessing;
using Retort.Detection.Tests.Reference;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.PostProcessing;

/// <summary>Suppression of rotated boxes.</summary>
public class RotatedNmsTests
{
    [Fact]
    [Trait("Category", Golden.Category)]
    public void Boxes_of_one_class_are_the_references()
    {
        SafetensorsFile golden = Golden.Read("rot_nms");
        float[] scores = golden.Tensors["scores"].As<float>().ToArray();
        var candidates = new Candidates(Boxes.Rotated(golden.Tensors["dets"].As<float>().ToArray()), scores, new int[scores.Length]);
        string[] names = [.. golden.Tensors.Keys.Where(k => k.StartsWith("nms", StringComparison.Ordinal)
            && k.EndsWith(".keep", StringComparison.Ordinal))];
        Assert.NotEmpty(names);
        foreach (string name in names)
        {
            // nms<threshold>.keep, or nms<threshold>_labels.keep: the published operator does not look at labels on the processor.
            double threshold = double.Parse(name[3..^5].Split('_')[0], CultureInfo.InvariantCulture);
            Assert.Equal(golden.Tensors[name].As<long>().ToArray(), new GreedyNms { Iou = threshold }.Keep(candidates)
                .Select(k => (long)k));
        }
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void Boxes_and_scores_of_one_class_are_the_references()
    {
        SafetensorsFile golden = Golden.Read("rot_nms");
        float[] scores = golden.Tensors["scores"].As<float>().ToArray();
        var candidates = new Candidates(Boxes.Rotated(golden.Tensors["dets"].As<float>().ToArray()), scores, new int[scores.Length]);
        string[] names = [.. golden.Tensors.Keys.Where(k => k.StartsWith("nms", StringComparison.Ordinal)
            && k.EndsWith(".dets", StringComparison.Ordinal))];
        Assert.NotEmpty(names);
        foreach (string name in names)
        {
            Detections kept = new GreedyNms { Iou = double.Parse(name[3..^5].Split('_')[0], CultureInfo.InvariantCulture) }.Apply(
                candidates, int.MaxValue);
            Assert.Equal(golden.Tensors[name].As<float>().ToArray(), Rows(kept));
        }
    }

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData(50)]
    [InlineData(2000)]
    public void Boxes_of_many_classes_are_the_references(int limit)
    {
        SafetensorsFile golden = Golden.Read("rot_nms");
        (float threshold, double overlap) =
            (float.Parse(golden.Metadata["score_thr"], CultureInfo.InvariantCulture),
            double.Parse(golden.Metadata["iou_thr"], CultureInfo.InvariantCulture));
        float[] boxes = golden.Tensors["dets"].As<float>().ToArray(), scores = golden.Tensors["multi_scores"].As<float>().ToArray();
        int columns = (int)golden.Tensors["multi_scores"].Shape[1];

        // The last column is the background's.
        int[] flat = [.. Enumerable.Range(0, scores.Length).Where(k => k % columns < columns - 1 && scores[k] > threshold)];
        var candidates = new Candidates(
            Boxes.Rotated([.. flat.SelectMany(k => boxes[(5 * (k / columns))..((5 * (k / columns)) + 5)])]),
                [.. flat.Select(k => scores[k])], [.. flat.Select(k => k % columns)]);
        var nms = new GreedyNms { Iou = overlap };
        Assert.Equal(golden.Tensors[$"multiclass_max{limit}.inds_after_threshold"].As<long>().ToArray(), nms.Keep(candidates, limit)
            .Select(k => (long)k));
        Detections actual = nms.Apply(candidates, limit);
        Assert.Equal(golden.Tensors[$"multiclass_max{limit}.labels"].As<long>().ToArray(), actual.Labels.Select(l => (long)l));
        Near.Equal(golden.Tensors[$"multiclass_max{limit}.dets"].As<float>(), Rows(actual), 1e-5);
    }

    private static float[] Rows(Detections all) =>
        [.. Enumerable.Range(0, all.Count).SelectMany(k => all.Boxes[k].ToArray().Append(all.Scores[k]))];

    // The slim ones cross one another in small parallelograms, and the even ones shared areas of every size: bounds must not decide
    // otherwise than the area does.
    [Theory]
    [InlineData(80, 1, 30)]
    [InlineData(10, 1, 30)]
    [InlineData(4, 0.2f, 60)]
    [InlineData(0.01f, 20, 21)]
    public void Blocks_of_boxes_give_what_one_by_one_gives(float spread, float least, float most) =>
        Gen.Select(Gen.Int[0, 300], Gen.Float[0, 0.7f], Gen.Int[0, 1000]).Sample((count, threshold, seed) =>
    {
        var random = new Random(seed);
        float Side() => random.Next(2) == 0 ? least + ((most - least) * random.NextSingle()) : least * (1 + random.NextSingle());
        float[] boxes = [.. Enumerable.Range(0, count).SelectMany(_ =>
            new[] { spread * random.NextSingle(), spread * random.NextSingle(), Side(), Side(), 3 * random.NextSingle() })];
        var candidates = new Candidates(Boxes.Rotated(boxes), [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())],
            new int[count]);
        var expected = new List<int>();
        foreach (int k in Enumerable.Range(0, count).OrderByDescending(k => candidates.Scores[k]))
        {
            if (expected.All(kept => !(RotatedOverlaps.Pairwise(boxes.AsSpan(5 * kept, 5), boxes.AsSpan(5 * k, 5))[0] > threshold)))
            {
                expected.Add(k);
            }
        }

        Assert.Equal(expected, new GreedyNms { Iou = threshold }.Keep(candidates));
        Assert.Equal(expected.Take(7), new GreedyNms { Iou = threshold }.Keep(candidates, 7));
    }, iter: 20);

    [Fact]
    public void Enough_boxes_for_several_threads_give_what_one_by_one_gives()
    {
        // All near one another, so that a block meets all of the others; one is as large as everything, and some are none.
        const int Count = 6000;
        var random = new Random(5);
        float[] boxes = [.. Enumerable.Range(0, Count).SelectMany(k => new[]
        {
            400 * random.NextSingle(), 400 * random.NextSingle(), k == 17 ? 900 : 4 + (8 * random.NextSingle()), k % 50 == 0 ? -3
                : 3 + (5 * random.NextSingle()), 3 * random.NextSingle(),
        })];
        var candidates = new Candidates(Boxes.Rotated(boxes), [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle())],
            new int[Count]);
        (var expected, var suppressed) = (new List<int>(), new bool[Count]);
        foreach (int k in Enumerable.Range(0, Count).OrderByDescending(k => candidates.Scores[k]).Where(k => !suppressed[k]))
        {
            expected.Add(k);
            float[] overlaps = RotatedOverlaps.Pairwise(boxes.AsSpan(5 * k, 5), boxes);
            suppressed = [.. suppressed.Zip(overlaps, (before, overlap) => before || overlap > 0.3f)];
        }

        Assert.Equal(expected, new GreedyNms { Iou = 0.3 }.Keep(candidates));
    }

    [Fact]
    public void An_overlap_of_just_the_threshold_is_told_from_a_larger_one()
    {
        // Half of each is shared: a third of the union. A square of half the side in another: a quarter of it.
        var shifted = new Candidates(Boxes.Rotated(10, 10, 8, 4, 0, 14, 10, 8, 4, 0), [0.9f, 0.8f], [0, 0]);
        var inside = new Candidates(Boxes.Rotated(10, 10, 8, 8, 0, 10, 10, 4, 4, 0), [0.9f, 0.8f], [0, 0]);
        Assert.Equal([0, 1], new GreedyNms { Iou = 0.33334 }.Keep(shifted));
        Assert.Equal([0], new GreedyNms { Iou = 0.33333 }.Keep(shifted));
        Assert.Equal([0, 1], new GreedyNms { Iou = 0.25 }.Keep(inside));
        Assert.Equal([0], new GreedyNms { Iou = 0.249999 }.Keep(inside));
    }

    [Fact]
    public void Classes_leave_each_other_alone()
    {
        var candidates = new Candidates(Boxes.Rotated(10, 10, 8, 4, 0.5f, 10, 10, 8, 4, 0.5f), [0.5f, 0.6f], [0, 1]);
        Assert.Equal([1, 0], new GreedyNms { Iou = 0.1 }.Keep(candidates));
        Assert.Equal([1], new GreedyNms { Iou = 0.1, ClassAgnostic = true }.Keep(candidates));
        Assert.Equal(BoxForm.Rotated, new GreedyNms { Iou = 0.1 }.Apply(candidates, 10).Boxes.Form);
    }

    [Theory]
    [InlineData(10, 8, float.NaN)]
    [InlineData(10, -8, 0.5f)]
    [InlineData(10, 0, 0.5f)]
    [InlineData(float.NaN, 8, 0.5f)]
    [InlineData(float.PositiveInfinity, 8, 0.5f)]
    public void A_box_that_is_none_suppresses_nothing_and_does_not_keep_others_from_it(float x, float width, float angle)
    {
        float[] wrong = [x, 10, width, 4, angle], right = [10, 10, 8, 4, 0.5f];
        var candidates = new Candidates(Boxes.Rotated([.. wrong, .. right, .. right, .. right]), [0.9f, 0.8f, 0.7f, 0.6f], [0, 0, 0, 1]);
        Assert.Equal([0, 1, 3], new GreedyNms { Iou = 0.1 }.Keep(candidates));
    }

    [Fact]
    public void Rotated_boxes_without_an_angle_are_suppressed_as_upright_ones()
    {
        var upright = new Candidates(Boxes.Upright(0, 0, 10, 10, 1, 0, 11, 10, 5, 0, 15, 10, 40, 0, 50, 10), [0.9f, 0.8f, 0.7f, 0.6f],
            [0, 0, 0, 0]);
        var rotated = new Candidates(Boxes.Rotated(5, 5, 10, 10, 0, 6, 5, 10, 10, 0, 10, 5, 10, 10, 0, 45, 5, 10, 10, 0), upright.Scores,
            upright.Labels);
        Assert.Equal([0, 2, 3], new GreedyNms { Iou = 0.5 }.Keep(upright));
        Assert.Equal([0, 2, 3], new GreedyNms { Iou = 0.5 }.Keep(rotated));
    }
}

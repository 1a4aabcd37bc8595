using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Detection.Priors;
using Retort.Distillation;
using Retort.Torch;
using Retort.Recipes;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Running;
using Retort.Vision.Loading;

namespace Retort.Training.Regions;

/// <summary>
/// Finds the regions of a recipe in images as training does, without a network: which priors are positive, which are valuable to
/// localization.
/// </summary>
/// <param name="recipe">The recipe.</param>
public sealed class RegionFinder(Recipe recipe)
{
    private readonly IBatchAssigner _assigner = DetectorBuilder.Assigner(recipe.Model);

    /// <summary>The regions.</summary>
    public IReadOnlyList<RecipeRegion> Regions { get; } = RecipeRegion.Of(recipe);

    /// <summary>Pixels of the network's input between neighbouring cells of each level, finest first.</summary>
    public IReadOnlyList<int> Strides { get; } = DetectorBuilder.Strides(recipe.Model);

    /// <summary>Finds them in one image.</summary>
    /// <param name="batch">A batch of one image that is neither mirrored nor turned.</param>
    /// <exception cref="ArgumentException">There are several images.</exception>
    public ImageRegions Find(ImageBatch batch)
    {
        BatchItem item = batch.Count == 1 ? batch.Items[0]
            : throw new ArgumentException($"one image is expected, not {batch.Count}", nameof(batch));
        using var scope = new TensorScope();
        IReadOnlyList<ImageTargets> targets = BatchTensors.Targets(batch);
        BatchAssignment assignment = _assigner.Assign([.. Strides.Select(s => (Cells(batch.Height, s), Cells(batch.Width, s)))], targets,
            Device.Cpu);
        return new ImageRegions(
            item.Index, Objects(assignment),
                [.. Regions.Select(r => ToCells(assignment, AssignedRegions.Select(assignment, r.Region, r.Valuable), item))]);
    }

    // Every level of the pyramid halves the one before, rounding up.
    private static int Cells(int pixels, int stride) => (pixels + stride - 1) / stride;

    private static RegionCells ToCells(BatchAssignment assignment, PriorSelection selection, BatchItem item)
    {
        PriorSelection cells = selection.Cells;
        long[] coordinates = cells.Coordinates.ToArray<long>();
        ReadOnlySpan<long> rows = coordinates.AsSpan(2 * cells.Count, cells.Count), columns =
            coordinates.AsSpan(3 * cells.Count, cells.Count);
        var places = new List<RegionCell>(cells.Count);
        for (int level = 0; level < cells.LevelCounts.Count; level++)
        {
            PriorLevel grid = assignment.Priors.Levels[level];
            for (int k = 0; k < cells.LevelCounts[level]; k++)
            {
                int prior = grid.Start + (checked((int)((rows[places.Count] * grid.Width) + columns[places.Count]))
                    * assignment.Priors.PerCell);
                ReadOnlySpan<float> box = assignment.Priors.Boxes.Slice(4 * prior, 4);
                places.Add(new RegionCell((box[0] + box[2]) / 2 / item.Geometry.ScaleX, (box[1] + box[3]) / 2 / item.Geometry.ScaleY,
                    level));
            }
        }

        return new RegionCells(selection.LevelCounts, places);
    }

    private static AssignedObject[] Objects(BatchAssignment assignment)
    {
        Boxes objects = assignment.Targets[0].In(assignment.Form), assigned =
            new(assignment.Form, assignment.Positives.Boxes.ToArray<float>());
        float[] overlaps = assignment.Positives.Selection.Weight.ToArray<float>();
        ILookup<(float, float, float, float, float), float> byBox =
            Enumerable.Range(0, assigned.Count).ToLookup(k => Key(assigned[k]), k => overlaps[k]);
        return
        [
            .. Enumerable.Range(0, objects.Count).Select(k => (Box: k, Overlaps: byBox[Key(objects[k])]))
                .Select(o => new AssignedObject(objects.LongerSide(o.Box), o.Overlaps.Count(), o.Overlaps.DefaultIfEmpty().Max())),
        ];
    }

    private static (float A, float B, float C, float D, float Angle) Key(ReadOnlySpan<float> box) =>
        (box[0], box[1], box[2], box[3], box.Length > 4 ? box[4] : 0);
}

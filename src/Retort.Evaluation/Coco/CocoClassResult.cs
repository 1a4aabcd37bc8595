namespace Retort.Evaluation.Coco;

/// <summary>The results of one category; -1 where the category has no object that counts.</summary>
/// <param name="Category">The category.</param>
/// <param name="AP">Average precision over IoU thresholds and recall levels, all areas, third limit of detections.</param>
/// <param name="AP50">At IoU 0.5.</param>
/// <param name="AP75">At IoU 0.75.</param>
/// <param name="AR100">Average recall over IoU thresholds, all areas, third limit of detections (100 by default).</param>
/// <param name="Objects">Number of objects in the ground truth, without crowd regions.</param>
public sealed record CocoClassResult(CocoCategory Category, double AP, double AP50, double AP75, double AR100, int Objects)
{
    internal static IReadOnlyList<CocoClassResult> Of(CocoEvaluation e)
    {
        if (!e.Options.UseCategories)
        {
            return [];
        }

        var objects = new int[e.K];
        for (int i = 0; i < e.GroundTruth.AnnotationCount; i++)
        {
            objects[e.GroundTruth.CategoryRanks[i]] += e.GroundTruth.Crowd[i] ? 0 : 1;
        }

        return [.. e.GroundTruth.Categories.Select((category, k) => new CocoClassResult(
            category,
            CocoMeans.Precision(e, "all", 2, category: k),
            CocoMeans.Precision(e, "all", 2, iou: 0.5, category: k),
            CocoMeans.Precision(e, "all", 2, iou: 0.75, category: k),
            CocoMeans.Recall(e, "all", 2, category: k),
            objects[k]))];
    }
}

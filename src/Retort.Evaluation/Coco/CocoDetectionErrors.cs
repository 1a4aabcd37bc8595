using Retort.Core;

namespace Retort.Evaluation.Coco;

/// <summary>What is said of detections that do not belong to the ground truth, whether they come from a file or from memory.</summary>
internal static class CocoDetectionErrors
{
    public static RetortException UnknownImage(string source, int entry, long id, CocoGroundTruth groundTruth) =>
        DataError.At(
            source, $"entry {entry}", $"image_id {id} is not among the {groundTruth.ImageIds.Count} images of {groundTruth.Source}",
            "detections and annotations must be of the same images");

    public static RetortException UnknownCategory(string source, int entry, long id, CocoGroundTruth groundTruth) =>
        DataError.At(source, $"entry {entry}",
            $"category_id {id} is not among the {groundTruth.Categories.Count} categories of {groundTruth.Source}",
            "map the detector's labels to the ids of the annotation file");
}

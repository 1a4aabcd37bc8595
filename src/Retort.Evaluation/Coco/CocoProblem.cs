namespace Retort.Evaluation.Coco;

/// <summary>Everything an evaluation reads, shared by its threads: data with ranks, in evaluation order, and the options.</summary>
internal sealed class CocoProblem
{
    public CocoProblem(CocoGroundTruth groundTruth, CocoDetections detections, CocoEvaluationOptions options)
    {
        options.Validate();
        (GroundTruth, Options) = (groundTruth, options);
        Detections = new CocoDetectionColumns(detections, groundTruth);
        (int images, int categories) = (groundTruth.ImageIds.Count, groundTruth.Categories.Count);
        TruthGroups = new ImageGroups(groundTruth.ImageRanks, groundTruth.CategoryRanks, images, categories, options.UseCategories);
        DetectionGroups = new ImageGroups(Detections.ImageRanks, Detections.CategoryRanks, images, categories, options.UseCategories);
    }

    public CocoGroundTruth GroundTruth { get; }

    public CocoDetectionColumns Detections { get; }

    public CocoEvaluationOptions Options { get; }

    public ImageGroups TruthGroups { get; }

    public ImageGroups DetectionGroups { get; }

    public CocoImageMatcher NewMatcher() => new(GroundTruth, Detections, Options);
}

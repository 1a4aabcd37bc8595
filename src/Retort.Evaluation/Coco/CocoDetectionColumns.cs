using Retort.Core;
using Retort.Core.Geometry;

namespace Retort.Evaluation.Coco;

/// <summary>Detections with ranks in place of ids, as the evaluation reads them.</summary>
internal sealed class CocoDetectionColumns
{
    private readonly CocoDetections _detections;

    /// <exception cref="RetortException">A detection is of an image or category that the ground truth does not have.</exception>
    public CocoDetectionColumns(CocoDetections detections, CocoGroundTruth groundTruth)
    {
        _detections = detections;
        (ImageRanks, CategoryRanks) = (new int[detections.Count], new int[detections.Count]);
        ReadOnlySpan<long> images = detections.ImageIds;
        ReadOnlySpan<long> categories = detections.CategoryIds;
        for (int i = 0; i < ImageRanks.Length; i++)
        {
            if (!groundTruth.TryGetImageRank(images[i], out ImageRanks[i]))
            {
                throw CocoDetectionErrors.UnknownImage(detections.Source, i, images[i], groundTruth);
            }

            if (!groundTruth.TryGetCategoryRank(categories[i], out CategoryRanks[i]))
            {
                throw CocoDetectionErrors.UnknownCategory(detections.Source, i, categories[i], groundTruth);
            }
        }
    }

    /// <summary>Rank of the image [N].</summary>
    public int[] ImageRanks { get; }

    /// <summary>Rank of the category [N].</summary>
    public int[] CategoryRanks { get; }

    /// <summary>Scores [N].</summary>
    public ReadOnlySpan<double> Scores => _detections.Scores;

    /// <summary>x, y, width, height of one detection [4].</summary>
    public ReadOnlySpan<double> Box(int index) => _detections.Boxes.Slice(4 * index, 4);

    /// <summary>Width times height of one detection, which decides its area range.</summary>
    public double Area(int index) => Box(index)[2] * Box(index)[3];
}

using Retort.Core.Geometry;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Tests.Coco;

/// <summary>Small sets that several tests use.</summary>
internal static class CocoSamples
{
    /// <summary>
    /// Images 1 and 2, categories 1 and 2; image 1 has an object of each category and image 2 a crowd region of category 1.
    /// </summary>
    public static CocoGroundTruth TwoImages { get; } = new(
        [2, 1],
        [new CocoCategory(2, "dog"), new CocoCategory(1, "cat")],
        new CocoAnnotations
        {
            ImageIds = [1, 1, 2],
            CategoryIds = [1, 2, 1],
            Boxes = [10, 10, 20, 20, 50, 50, 40, 40, 0, 0, 100, 100],
            Crowd = [false, false, true],
        });

    public static CocoDetections Detections(params (long Image, long Category, double[] Box, double Score)[] entries)
    {
        var detections = new CocoDetections();
        foreach ((long image, long category, double[] box, double score) in entries)
        {
            detections.Add(image, category, box, score);
        }

        return detections;
    }

    /// <summary>The text as a stream.</summary>
    public static MemoryStream Stream(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));
}

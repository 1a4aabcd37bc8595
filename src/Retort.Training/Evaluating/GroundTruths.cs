using Retort.Core.Geometry;
using Retort.Evaluation.Coco;
using Retort.Vision.Data;

namespace Retort.Training.Evaluating;

/// <summary>The ground truth of a data set in the form that the evaluation wants.</summary>
public static class GroundTruths
{
    /// <summary>Collects every object; crowds and difficult objects are ignored in matching, as crowds are in COCO.</summary>
    public static CocoGroundTruth Of(IDetectionDataset data)
    {
        var imageIds = new List<long>();
        var owners = new List<long>();
        var categories = new List<long>();
        var boxes = new List<double>();
        var areas = new List<double>();
        var crowd = new List<bool>();
        for (int k = 0; k < data.Count; k++)
        {
            ImageRecord image = data[k];
            imageIds.Add(image.Id);
            foreach (ObjectAnnotation found in image.Objects)
            {
                owners.Add(image.Id);
                categories.Add(data.CategoryIds[found.Label]);
                boxes.AddRange([found.Box.X1, found.Box.Y1, (double)found.Box.X2 - found.Box.X1, (double)found.Box.Y2 - found.Box.Y1]);
                areas.Add(found.Area);
                crowd.Add(found.IsCrowd || found.Difficult);
            }
        }

        var annotations = new CocoAnnotations
        {
            ImageIds = [.. owners],
            CategoryIds = [.. categories],
            Boxes = [.. boxes],
            Areas = [.. areas],
            Crowd = [.. crowd],
        };
        return new CocoGroundTruth(imageIds, data.ClassNames.Select((name, k) => new CocoCategory(data.CategoryIds[k], name)), annotations,
            data.Name);
    }
}

using System.Text.Json;
using Retort.Core.Geometry;

namespace Retort.Evaluation.Coco;

/// <summary>Reads and checks the COCO results format.</summary>
internal static class CocoDetectionsReader
{
    [Flags]
    private enum Fields
    {
        None = 0,
        Image = 1,
        Category = 2,
        Box = 4,
        Score = 8,
        All = 15,
    }

    public static CocoDetections Read(Stream stream, string source, CocoGroundTruth groundTruth)
    {
        var json = new JsonTokenStream(stream, source);
        var detections = new CocoDetections(source: source);
        json.Expect(JsonTokenType.StartArray, "an array of detections, [{\"image_id\", \"category_id\", \"bbox\", \"score\"}, ...]");
        while (json.Read() && json.Type == JsonTokenType.StartObject)
        {
            json.Index = detections.Count;
            ReadEntry(ref json, detections, groundTruth);
        }

        if (json.Type != JsonTokenType.EndArray)
        {
            json.Index = detections.Count;
            throw json.Error("expected a detection", "every entry of a results file is an object");
        }

        json.Read();
        return detections;
    }

    private static void ReadEntry(ref JsonTokenStream json, CocoDetections detections, CocoGroundTruth groundTruth)
    {
        (long image, long category, double score) = (0, 0, 0);
        Span<double> box = stackalloc double[4];
        Fields found = Fields.None;
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            if (json.NameIs("image_id"u8))
            {
                image = json.ReadId("image_id", name => groundTruth.ImageNames.GetValueOrDefault(name));
                found |= Fields.Image;
            }
            else if (json.NameIs("category_id"u8))
            {
                category = json.ReadInteger("category_id");
                found |= Fields.Category;
            }
            else if (json.NameIs("bbox"u8))
            {
                json.ReadBox(box);
                found |= Fields.Box;
            }
            else if (json.NameIs("score"u8))
            {
                score = json.ReadNumber("score");
                found |= Fields.Score;
            }
            else
            {
                json.Skip();
            }
        }

        Check(in json, detections.Source, found, image, category, groundTruth);
        detections.Add(image, category, box, score);
    }

    private static void Check(ref readonly JsonTokenStream json, string source, Fields found, long image, long category,
        CocoGroundTruth groundTruth)
    {
        if (found != Fields.All)
        {
            string missing = (Fields.All & ~found) switch
            {
                var f when f.HasFlag(Fields.Image) => "image_id",
                var f when f.HasFlag(Fields.Category) => "category_id",
                var f when f.HasFlag(Fields.Box) => "bbox",
                _ => "score",
            };
            throw json.Error($"the field {missing} is missing", "a detection has image_id, category_id, bbox and score");
        }

        if (!groundTruth.TryGetImageRank(image, out _))
        {
            throw CocoDetectionErrors.UnknownImage(source, json.Index, image, groundTruth);
        }

        if (!groundTruth.TryGetCategoryRank(category, out _))
        {
            throw CocoDetectionErrors.UnknownCategory(source, json.Index, category, groundTruth);
        }
    }
}

using System.Globalization;
using Retort.Detection.Dense;
using Retort.Training.Building;
using Retort.Training.Prediction;
using Retort.Vision.Imaging;

namespace Retort.Samples.Detecting;

/// <summary>Finds objects in pictures with a published file: opened once, used for any number of pictures.</summary>
public sealed class ObjectFinder(string publishedFile) : IDisposable
{
    private readonly TrainedDetector _detector = TrainedDetector.Open(publishedFile, ["device=auto"]);

    /// <summary>A line for each object from a score on, the surest first: class, score, and the box's left, upper, right and lower edge in pixels.</summary>
    public IEnumerable<string> Find(string pictureFile, double leastScore = 0.3)
    {
        using Image picture = ImageDecoder.Decode(pictureFile);
        Detections found = new Predictor(_detector).Detect(picture);
        return
        [
            .. Enumerable.Range(0, found.Count).Where(k => found.Scores[k] >= leastScore).Select(k =>
            {
                // Four numbers a box; five where the boxes are rotated: centre, sides, angle.
                IEnumerable<string> box = found.Boxes[(found.Edges * k)..(found.Edges * (k + 1))].Select(edge => edge.ToString("0.0", CultureInfo.InvariantCulture));
                return string.Create(CultureInfo.InvariantCulture, $"{_detector.ClassNames[found.Labels[k]]} {found.Scores[k]:0.000} {string.Join(' ', box)}");
            }),
        ];
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _detector.Dispose();
}

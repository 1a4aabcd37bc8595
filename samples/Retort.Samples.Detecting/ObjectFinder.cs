using System.Globalization;
using Retort.Detection.Dense;
using Retort.Prediction;
using Retort.Vision.Imaging;

namespace Retort.Samples.Detecting;

/// <summary>Finds objects in images with a published detector, which is opened once and used for any number of images.</summary>
public sealed class ObjectFinder(string publishedFile) : IDisposable
{
    private readonly TrainedDetector _detector = TrainedDetector.Open(publishedFile, ["device=auto"]);

    /// <summary>One line per object, highest score first: class, score, and the box's left, top, right and bottom edge in pixels.</summary>
    public IEnumerable<string> Find(string imageFile, double minimumScore = 0.3)
    {
        using Image image = ImageDecoder.Decode(imageFile);
        Detections found = _detector.Predictor.Detect(image);
        return
        [
            .. Enumerable.Range(0, found.Count).Where(k => found.Scores[k] >= minimumScore).Select(k =>
            {
                // Four numbers per box; five for rotated boxes: centre, sides, angle.
                IEnumerable<string> box = found.Boxes[k].ToArray().Select(edge => edge.ToString("0.0", CultureInfo.InvariantCulture));
                return string.Create(CultureInfo.InvariantCulture,
                    $"{_detector.ClassNames[found.Labels[k]]} {found.Scores[k]:0.000} {string.Join(' ', box)}");
            }),
        ];
    }

    /// <summary>Releases the network.</summary>
    public void Dispose() => _detector.Dispose();
}

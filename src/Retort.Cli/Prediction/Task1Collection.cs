using Retort.Detection.Dense;
using Retort.Evaluation.Dota;
using Retort.Training.Evaluating;

namespace Retort.Cli.Prediction;

/// <summary>Keeps rotated detections for DOTA's result files, which have those of a class from all pictures together.</summary>
/// <param name="place">Where the files go; null to keep nothing.</param>
internal sealed class Task1Collection(DetectionsPlace? place)
{
    private readonly RotatedDetections _rotated = new();
    private readonly List<string> _pictures = [];

    /// <summary>Takes the detections of a picture, and gives them on.</summary>
    public (string Picture, string? Drawn, Detections Found) Keep((string Picture, string? Drawn, Detections Found) picture)
    {
        if (place is not null)
        {
            _rotated.Add(_pictures.Count, picture.Found);
            _pictures.Add(picture.Picture);
        }

        return picture;
    }

    /// <summary>Writes the files.</summary>
    /// <param name="classNames">The classes in order.</param>
    public void Write(IReadOnlyList<string> classNames) =>
        Task1Writer.Write(place!.Path, _rotated.Of(_pictures), classNames, place.Replace);
}

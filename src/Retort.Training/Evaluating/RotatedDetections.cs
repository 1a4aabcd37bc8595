using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Evaluation.Dota;

namespace Retort.Training.Evaluating;

/// <summary>Collects a detector's rotated boxes over a data set.</summary>
public sealed class RotatedDetections
{
    private readonly List<int> _images = [];
    private readonly List<int> _classes = [];
    private readonly List<double> _polygons = [];
    private readonly List<double> _scores = [];

    /// <summary>Appends the detections of an image.</summary>
    /// <param name="image">Index of the image in the data set.</param>
    /// <param name="found">Rotated boxes in pixels of the image file.</param>
    /// <exception cref="ArgumentException">The boxes are upright.</exception>
    public void Add(int image, Detections found)
    {
        for (int k = 0; k < found.Count; k++)
        {
            _images.Add(image);
            _classes.Add(found.Labels[k]);
            _polygons.AddRange(found.Boxes.RotatedAt(k).Corners.BeginningTopLeft().ToArray());
            _scores.Add(found.Scores[k]);
        }
    }

    /// <summary>What DOTA's result files call images: the names of their files, without folder and extension.</summary>
    /// <param name="paths">Path of each image, by its index.</param>
    public static string[] NamesOf(IEnumerable<string> paths) => [.. paths.Select(path => Path.GetFileNameWithoutExtension(path))];

    /// <summary>
    /// All detections, in the form that is measured and written to DOTA's result files. Only the latter know images by their names.
    /// </summary>
    /// <param name="paths">Path of each image, by its index.</param>
    public Task1Results Of(IEnumerable<string> paths) => new(
        NamesOf(paths),
        new DotaDetections { Images = [.. _images], Classes = [.. _classes], Polygons = [.. _polygons], Scores = [.. _scores] });
}

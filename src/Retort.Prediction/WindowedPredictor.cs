using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Vision.Imaging;
using Retort.Vision.Splitting;

namespace Retort.Prediction;

/// <summary>
/// Finds objects in images that are larger than those which a detector was trained on: window by window, as <c>retort dataset split</c>
/// cuts them, after which the detections of all windows are suppressed together, as DOTA's tools merge them.
/// </summary>
/// <param name="predictor">Detects in a window.</param>
/// <param name="suppression">Reduces detections of one object in neighbouring windows to one, such as that of the detector's
/// recipe.</param>
/// <param name="size">Side of the windows in pixels of the image, 16 to 16384.</param>
/// <param name="gap">Least overlap of neighbouring windows in pixels, 0 or more and below the size: at least as much as the largest
/// object.</param>
/// <exception cref="OptionException">A number is out of its range.</exception>
public sealed class WindowedPredictor(Predictor predictor, ISuppression suppression, int size, int gap)
{
    private readonly SplitOptions _split = Checked(new SplitOptions { Sizes = [size], Gaps = [gap] });

    /// <summary>The windows of an image, computed from its header.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <exception cref="ImageFormatException">The image cannot be read.</exception>
    public IReadOnlyList<SplitWindow> Windows(string path)
    {
        (int width, int height) = ImageHeader.ReadSize(path);
        return SlidingWindows.Over(width, height, _split);
    }

    /// <summary>Detections in one image, boxes in its own pixels, highest score first; as many as suppression leaves.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="done">Called after each window.</param>
    public Detections Detect(string path, Action? done = null)
    {
        var parts = new List<Detections>();
        WindowReader.Read(path, Windows(path), (window, pixels) =>
        {
            Detections found = predictor.Detect(pixels);
            parts.Add(found with { Boxes = found.Boxes.Move(window.X, window.Y) });
            done?.Invoke();
        });
        return suppression.Apply(Join(parts), int.MaxValue);
    }

    private static SplitOptions Checked(SplitOptions options)
    {
        OptionRules.Check(options);
        return options;
    }

    private static Candidates Join(IReadOnlyList<Detections> parts) => new(
        Boxes.Join(parts[0].Boxes.Form, [.. parts.Select(p => p.Boxes)]), [.. parts.SelectMany(p => p.Scores)],
            [.. parts.SelectMany(p => p.Labels)]);
}

using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Detection.Dense;
using Retort.Prediction;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;
using Retort.Vision.Loading;

namespace Retort.Cli.Prediction;

/// <summary>
/// Finds objects in one picture after the other and gives each result away, so that as many pictures as there are can be looked at. One
/// that cannot be used is kept in mind and does not end the loop.
/// </summary>
/// <param name="terminal">Where to show how far it is.</param>
/// <param name="predictor">Finds the objects.</param>
/// <param name="windowed">Finds them window by window; null to look at whole pictures.</param>
/// <param name="classNames">Class names by label.</param>
/// <param name="folder">Where drawn pictures go.</param>
/// <param name="threshold">Detections from this score on are drawn and counted.</param>
/// <param name="stop">Ends the loop after the window or picture in progress.</param>
internal sealed class PictureLoop(
    Terminal terminal,
    Predictor predictor,
    WindowedPredictor? windowed,
    IReadOnlyList<string> classNames,
    string folder,
    double threshold,
    CancellationToken stop)
{
    // Who measures in a drawn picture, or lays it over its own, needs its own size.
    private static readonly DrawOptions s_asLarge = new() { Scale = 1 };

    private readonly ImageIssueWarnings _issues = new(warning => terminal.Progress.Say($"warning: {warning}"));

    /// <summary>Pictures whose objects were found.</summary>
    public int Done { get; private set; }

    /// <summary>Detections in them from the threshold on.</summary>
    public int Shown { get; private set; }

    /// <summary>Why pictures could not be used, a line each.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>The pictures that could be used, what they were drawn into, and their detections.</summary>
    /// <param name="files">The pictures.</param>
    /// <param name="drawn">For each the name of the file to draw it into, or null.</param>
    public IEnumerable<(string Picture, string? Drawn, Detections Found)> Over(IReadOnlyList<string> files, IReadOnlyList<string?> drawn)
    {
        using ProgressTask progress = windowed is null
            ? terminal.Progress.Start("predicting", files.Count, "pictures")
            : terminal.Progress.Start("predicting", Math.Max(1, files.Sum(Windows)), "windows");
        for (int k = 0; k < files.Count && !stop.IsCancellationRequested; k++)
        {
            if (Find(files[k], drawn[k], progress) is { } found)
            {
                Done++;
                Shown += found.Scores.Count(score => score >= threshold);
                yield return (files[k], drawn[k], found);
            }

            progress.Advance(windowed is null ? 1 : 0);
        }
    }

    // Null where the picture cannot be used, or the loop was stopped in it.
    private Detections? Find(string file, string? drawn, ProgressTask progress)
    {
        Image? picture = null;
        try
        {
            if (Read(file, drawn is not null, progress, ref picture) is not { } found)
            {
                return null;
            }

            if (drawn is not null)
            {
                using Image boxes = BoxPainter.Draw(picture!, Predictions.Drawn(found, threshold), classNames, s_asLarge);
                ImageEncoder.Write(Path.Combine(folder, drawn), boxes);
            }

            return found;
        }
        finally
        {
            picture?.Dispose();
        }
    }

    private Detections? Read(string file, bool draw, ProgressTask progress, ref Image? picture)
    {
        try
        {
            // A picture that is looked at by windows may be too large to be held as a whole without need.
            picture = windowed is null ? ImageDecoder.Decode(file) : draw ? ImageDecoder.Decode(file, Image.MaxPixels) : null;
            _issues.Add(file, picture?.Issues ?? ImageHeader.ReadIssues(file));
            return windowed?.Detect(file, () => Count(progress)) ?? predictor.Detect(picture!);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is RetortException or OutOfMemoryException)
        {
            Failures.Add(e is OutOfMemoryException ? $"{file}: {Failure.Text(e)}" : Failure.Text(e));
            return null;
        }
    }

    private void Count(ProgressTask progress)
    {
        progress.Advance();
        stop.ThrowIfCancellationRequested();
    }

    // A picture without a header that can be read is counted when it is its turn.
    private int Windows(string file)
    {
        try
        {
            return windowed!.Windows(file).Count;
        }
        catch (RetortException)
        {
            return 0;
        }
    }
}

using System.Globalization;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Files;
using Retort.Core.Text;
using Retort.Prediction;
using Retort.Training.Building;
using Retort.Training.Evaluating;
using Retort.Vision.Imaging;

namespace Retort.Cli.Prediction;

/// <summary>What a person wants of the pictures that objects are found in.</summary>
/// <param name="Folder">Where drawn pictures and <c>predictions.json</c> go.</param>
/// <param name="Threshold">Detections from this score on are drawn and counted.</param>
/// <param name="Draw">Whether pictures are drawn.</param>
/// <param name="Window">Side and overlap of windows that large pictures are looked at by, pixels; null to look at whole pictures.</param>
/// <param name="Task1">Where DOTA's result files go, or null for none.</param>
internal sealed record PicturePrediction(string Folder, double Threshold, bool Draw, (int Size, int Gap)? Window, DetectionsPlace? Task1)
{
    /// <summary>
    /// Finds the objects in all pictures that can be read and writes what is wanted, until <paramref name="stop"/> is asked for; returns
    /// the exit code.
    /// </summary>
    public int Run(Terminal terminal, TrainedDetector trained, IReadOnlyList<string> files, CancellationToken stop)
    {
        Predictor predictor = trained.Predictor;
        WindowedPredictor? windowed = Window is { } window ? new WindowedPredictor(predictor, trained.Suppression, window.Size, window.Gap)
            : null;
        RequireTask1(trained, files);
        var names = new OutputNames();
        string?[] drawn = [.. files.Select(file => Draw ? names.Next(file, ImageExtensions.IsWritten(file) ? null : ".png") : null)];
        RefuseToOverwrite(files, [.. drawn.OfType<string>().Select(name => Path.Combine(Folder, name))]);
        OutputPath.RequireFolder(Folder, "--output"); // before hours of prediction, not after them
        UserFiles.CreateFolder(Folder);
        string json = Path.Combine(Folder, "predictions.json");
        var pictures = new PictureLoop(terminal, predictor, windowed, trained.ClassNames, Folder, Threshold, stop);
        var task1 = new Task1Collection(Task1);
        Predictions.WriteJson(json, pictures.Over(files, drawn).Select(task1.Keep), trained.ClassNames);
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Quantity.Of(pictures.Shown, "objects")} from score {Threshold} on in "
                + $"{Quantity.Of(pictures.Done, "pictures")}{(Draw ? $", drawn in {Folder}" : "")}; all detections from score "
                + $"{trained.Recipe.Model.PostProcessing.ScoreThreshold} on are in {json}"));
        if (Task1 is not null)
        {
            task1.Write(trained.ClassNames);
            terminal.Output.WriteLine($"for DOTA's server: {Task1.Path}");
        }

        return Outcome(terminal, pictures, files.Count);
    }

    // What is not among the results, for otherwise they would look complete.
    private static int Outcome(Terminal terminal, PictureLoop pictures, int all)
    {
        if (pictures.Failures.Count > 0)
        {
            terminal.Error.WriteLine($"retort: {Quantity.Of(pictures.Failures.Count, "pictures")} of {all} could not be used:");
            pictures.Failures.ForEach(failure => terminal.Error.WriteLine($"  {failure}"));
        }

        if (pictures.Done + pictures.Failures.Count < all)
        {
            terminal.Error.WriteLine(
                $"retort: stopped after {pictures.Done + pictures.Failures.Count} of {all} pictures; the results are of these alone");
            return ExitCode.Interrupted;
        }

        return pictures.Failures.Count > 0 ? ExitCode.InputError : ExitCode.Success;
    }

    private void RequireTask1(TrainedDetector trained, IReadOnlyList<string> files)
    {
        if (Task1 is null)
        {
            return;
        }

        if (!trained.Recipe.Model.IsRotated)
        {
            throw new RetortException("--task1 is for detectors of rotated boxes, and this one's are upright; omit it");
        }

        Task1.RequireTask1(RotatedDetections.NamesOf(files), trained.ClassNames);
    }

    private static void RefuseToOverwrite(IReadOnlyList<string> pictures, IReadOnlyList<string> drawn)
    {
        HashSet<string> sources = [.. pictures.Select(Path.GetFullPath)];
        if (drawn.FirstOrDefault(path => sources.Contains(Path.GetFullPath(path))) is { } taken)
        {
            throw new RetortException($"{taken}: the drawn picture would replace the picture itself; choose another folder with --output");
        }
    }
}

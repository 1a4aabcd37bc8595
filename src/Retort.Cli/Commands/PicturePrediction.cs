using System.Globalization;
using Retort.Cli.Shell;
using Retort.Detection.Dense;
using Retort.Evaluation.Dota;
using Retort.Training.Building;
using Retort.Training.Evaluating;
using Retort.Training.Prediction;
using Retort.Training.Progress;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;

namespace Retort.Cli.Commands;

/// <summary>What a person wants of the pictures that objects are found in.</summary>
/// <param name="Folder">Where drawn pictures and <c>predictions.json</c> go.</param>
/// <param name="Threshold">Detections from this score on are drawn and counted.</param>
/// <param name="Draw">Whether pictures are drawn.</param>
/// <param name="Window">Side and overlap of windows that large pictures are looked at by, pixels; null to look at whole pictures.</param>
/// <param name="Task1">The folder or zip of DOTA's result files, or null for none.</param>
internal sealed record PicturePrediction(string Folder, double Threshold, bool Draw, (int Size, int Gap)? Window, string? Task1)
{
    // Who measures in a drawn picture, or lays it over its own, needs its own size.
    private static readonly DrawOptions s_asLarge = new() { Scale = 1 };

    /// <summary>Finds the objects in all pictures and writes what is wanted.</summary>
    public void Run(Terminal terminal, TrainedDetector trained, IReadOnlyList<string> files)
    {
        var predictor = new Predictor(trained);
        WindowedPredictor? windowed = Window is { } window ? new WindowedPredictor(predictor, window.Size, window.Gap) : null;
        RefuseTask1(trained, files);
        IReadOnlyList<string> names = OutputNames(files);
        string?[] drawn = [.. names.Select(name => Draw ? name : null)];
        RefuseToOverwrite(files, [.. drawn.OfType<string>().Select(name => Path.Combine(Folder, name))]);
        Directory.CreateDirectory(Folder);
        List<(string Picture, Detections Found)> all = Detect(terminal, predictor, windowed, files, drawn);
        string json = Path.Combine(Folder, "predictions.json");
        Predictions.WriteJson(json, all.Zip(drawn, (p, name) => (p.Picture, name, p.Found)), trained.ClassNames);
        int shown = all.Sum(p => p.Found.Scores.Count(s => s >= Threshold));
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Text(shown, "objects")} from score {Threshold} on in {Counted.Text(files.Count, "pictures")}{(Draw ? $", drawn in {Folder}" : "")}; all detections from score {trained.Recipe.Model.PostProcessing.ScoreThreshold} on are in {json}"));
        if (Task1 is not null)
        {
            WriteTask1(all, trained.ClassNames);
            terminal.Output.WriteLine($"for DOTA's server: {Task1}");
        }
    }

    private List<(string Picture, Detections Found)> Detect(
        Terminal terminal, Predictor predictor, WindowedPredictor? windowed, IReadOnlyList<string> files, IReadOnlyList<string?> drawn)
    {
        var all = new List<(string Picture, Detections Found)>();
        using ProgressTask progress = windowed is null
            ? terminal.Progress.Start("predicting", files.Count, "pictures")
            : terminal.Progress.Start("predicting", files.Sum(file => windowed.Windows(file).Count), "windows");
        for (int k = 0; k < files.Count; k++)
        {
            // A picture that is looked at by windows may be too large to be held as a whole without need.
            using Image? picture = windowed is null ? ImageDecoder.Decode(files[k]) : Draw ? ImageDecoder.Decode(files[k], Image.MaxPixels) : null;
            Detections found = windowed?.Detect(files[k], () => progress.Advance()) ?? predictor.Detect(picture!);
            if (drawn[k] is { } name)
            {
                using Image boxes = BoxPainter.Draw(picture!, Predictions.Drawn(found, Threshold), predictor.Trained.ClassNames, s_asLarge);
                ImageEncoder.Write(Path.Combine(Folder, name), boxes);
            }

            all.Add((files[k], found));
            progress.Advance(windowed is null ? 1 : 0);
        }

        return all;
    }

    private void WriteTask1(List<(string Picture, Detections Found)> all, IReadOnlyList<string> classNames)
    {
        var rotated = new RotatedDetections();
        foreach ((int k, (_, Detections found)) in all.Index())
        {
            rotated.Add(k, found);
        }

        Task1Writer.Write(Task1!, rotated.Of(all.Select(p => p.Picture)), classNames);
    }

    // Before hours of prediction, not after them.
    private void RefuseTask1(TrainedDetector trained, IReadOnlyList<string> files)
    {
        if (Task1 is null)
        {
            return;
        }

        if (!trained.Recipe.Model.IsRotated)
        {
            throw new InvalidDataException("--task1 is for detectors of rotated boxes, and this one's are upright; leave it away");
        }

        if (files.GroupBy(file => Path.GetFileNameWithoutExtension(file)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"DOTA's result files know pictures by their names alone, and {string.Join(" and ", twice.Take(2))} have the same; rename one, or predict them separately");
        }
    }

    private static void RefuseToOverwrite(IReadOnlyList<string> pictures, IReadOnlyList<string> drawn)
    {
        HashSet<string> sources = [.. pictures.Select(Path.GetFullPath)];
        if (drawn.FirstOrDefault(path => sources.Contains(Path.GetFullPath(path))) is { } taken)
        {
            throw new IOException($"{taken}: the drawn picture would replace the picture itself; choose another folder with --output");
        }
    }

    // Pictures of the same name in different folders must not overwrite each other.
    private static string[] OutputNames(IReadOnlyList<string> files)
    {
        var taken = new HashSet<string>();
        return
        [
            .. files.Select(file =>
            {
                (string stem, string extension) = (Path.GetFileNameWithoutExtension(file), Path.GetExtension(file));
                string name = stem + extension;
                for (int k = 2; !taken.Add(name); k++)
                {
                    name = $"{stem}-{k}{extension}";
                }

                return name;
            }),
        ];
    }
}

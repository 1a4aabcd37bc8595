using System.Globalization;
using Retort.Cli.Shell;
using Retort.Prediction;
using Retort.Training.Building;
using Retort.Training.Evaluating;
using Retort.Vision.Data;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;
using Spectre.Console;

namespace Retort.Cli.Training;

/// <summary>What a person sees at the end of the demonstration: a table, a sheet of pictures, and what to do next.</summary>
internal static class DemoReport
{
    private const int Rows = 5;
    private const double DrawnFrom = 0.3;

    /// <summary>Draws some validation images side by side: the truth, the plain student, the distilled student.</summary>
    public static void Draw(string path, IDetectionDataset images, DemoDetector plain, DemoDetector distilled)
    {
        using TrainedDetector first = ProcessSettings.Open(plain.Checkpoint);
        using TrainedDetector second = ProcessSettings.Open(distilled.Checkpoint);
        Predictor[] predictors = [first.Predictor, second.Predictor];
        var cells = new List<SheetCell>();
        try
        {
            for (int row = 0; row < Math.Min(Rows, images.Count); row++)
            {
                ImageRecord record = images[row * images.Count / Rows % images.Count];
                using Image picture = ImageDecoder.Decode(record.Path);
                cells.Add(new SheetCell(BoxPainter.Draw(picture, DrawnBox.Truth(record), images.ClassNames)));
                cells.AddRange(predictors.Select(p => new SheetCell(BoxPainter.Draw(
                    picture, Predictions.Drawn(p.Detect(picture), DrawnFrom), images.ClassNames))));
            }

            using Image sheet = ContactSheet.Compose(cells, 1 + predictors.Length, ["truth", plain.Name, distilled.Name]);
            ImageEncoder.Write(path, sheet);
        }
        finally
        {
            cells.ForEach(cell => cell.Image.Dispose());
        }
    }

    /// <summary>Prints the comparison and what to run on one's own data.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<DemoDetector> detectors, string picture)
    {
        Table table = Terminal.NewTable(["detector", .. new[] { "AP", "AP50", "AP75", "million parameters", "training" }.Select(
            Heading.Number)]);
        foreach (DemoDetector detector in detectors)
        {
            IDetectionScores s = detector.Result.Scores;
            table.AddRow(
                detector.Name, Percent(s.AP), Percent(s.AP50), Percent(s.AP75), (detector.Parameters / 1e6)
                    .ToString("0.00", CultureInfo.InvariantCulture),
                detector.Training);
        }

        terminal.Write(table);
        double gain = 100 * (detectors[^1].Result.Scores.AP - detectors[^2].Result.Scores.AP);
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"The teacher was worth {gain:+0.0;-0.0} AP to the same student in the same number of steps. Pictures: {picture}"));
        terminal.Output.WriteLine("On your own data: ./retort train own-data/teacher --set data.root=FOLDER, then ./retort distill "
            + "own-data/ld --set data.root=FOLDER (see docs/recipes.md)");
    }

    private static string Percent(double value) => (100 * value).ToString("0.0", CultureInfo.InvariantCulture);
}

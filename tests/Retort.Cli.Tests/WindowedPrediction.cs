using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Evaluation.Dota;
using Retort.Prediction;
using Retort.Torch.Checkpoints;
using Retort.Training.Building;
using Retort.Vision.Imaging;

namespace Retort.Cli.Tests;

/// <summary>
/// What <c>predict --window</c> finds in a picture against the detections in the windows that <c>dataset split</c> makes of it.
/// </summary>
internal static class WindowedPrediction
{
    private const string Size = "64", Gap = "16";

    /// <summary>Compares both ways on a drawn picture of 150x110 pixels.</summary>
    /// <param name="model">A published detector.</param>
    /// <param name="suppression">Its suppression.</param>
    /// <param name="folder">Takes the files.</param>
    public static void Check(string model, ISuppression suppression, string folder)
    {
        string pictures = Path.Combine(folder, "large");
        Directory.CreateDirectory(pictures);
        string picture = Path.Combine(pictures, "scene.png");
        using (var image = new Image(150, 110))
        {
            new Random(5).NextBytes(image.Pixels);
            ImageEncoder.Write(picture, image);
        }

        Detections whole = Assert.Single(Predict(model, picture, Path.Combine(folder, "whole"), "--window", Size, "--gap", Gap)).Found;
        Assert.Equal(0, CapturedCommand.Run("dataset", "split", pictures, "--output", Path.Combine(folder, "windows"), "--size", Size,
            "--gap", Gap).Code);
        (string Name, Detections Found)[] windows =
            Predict(model, Path.Combine(folder, "windows", "images"), Path.Combine(folder, "parts"));
        Assert.Equal(6, windows.Length);
        Detections expected = suppression.Apply(Join(windows, whole.Boxes.Form), int.MaxValue);
        Assert.NotEmpty(expected.Scores);
        Assert.Equal(expected.Scores, whole.Scores);
        Assert.Equal(expected.Labels, whole.Labels);
        Assert.Equal(expected.Boxes.ToArray(), whole.Boxes.ToArray());
        Assert.True(Enumerable.Range(0, whole.Count).Max(k => whole.Boxes[k][0]) > 100,
            "no detection lies to the right of the first windows");
    }

    private static (string Name, Detections Found)[] Predict(string model, string pictures, string output, params string[] more)
    {
        CapturedCommand run = CapturedCommand.Run(["predict", model, pictures, "--output", output, "--no-pictures", .. more]);
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(["predictions.json"], Directory.GetFiles(output).Select(Path.GetFileName));
        using Checkpoint file = Checkpoint.Open(model);
        IReadOnlyList<string> classes = TrainedDetector.ReadClassNames(file)!;
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        return [.. json.RootElement.EnumerateArray()
            .Select(p => (Path.GetFileNameWithoutExtension(p.GetProperty("picture").GetString()!),
            Read(p.GetProperty("detections"), [.. classes])))];
    }

    private static Detections Read(JsonElement list, string[] classNames)
    {
        JsonElement[] all = [.. list.EnumerateArray()];
        float[] boxes = [.. all.SelectMany(d => d.GetProperty("box").EnumerateArray().Select(v => v.GetSingle()))];
        BoxForm form = all.Length == 0 ? BoxForm.Upright : BoxForms.FromNumbers(boxes.Length / all.Length);
        float[] scores = [.. all.Select(d => d.GetProperty("score").GetSingle())];
        return new Detections(new Boxes(form, boxes), scores, [.. all.Select(
            d => Array.IndexOf(classNames, d.GetProperty("class").GetString()))]);
    }

    private static Candidates Join((string Name, Detections Found)[] windows, BoxForm form)
    {
        (var boxes, var scores, var labels) = (new List<float>(), new List<float>(), new List<int>());
        foreach ((string name, Detections found) in windows)
        {
            WindowName place = WindowName.Parse(name)!.Value;
            for (int k = 0; k < found.Count; k++)
            {
                float[] box = found.Boxes[k].ToArray();
                foreach (int x in form == BoxForm.Upright ? [0, 2] : new[] { 0 })
                {
                    box[x] += place.X;
                    box[x + 1] += place.Y;
                }

                boxes.AddRange(box);
                scores.Add(found.Scores[k]);
                labels.Add(found.Labels[k]);
            }
        }

        return new Candidates(new Boxes(form, [.. boxes]), [.. scores], [.. labels]);
    }
}

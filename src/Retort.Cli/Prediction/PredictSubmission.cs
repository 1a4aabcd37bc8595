using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Text;
using Retort.Evaluation.Coco;
using Retort.Prediction;
using Retort.Training.Building;
using Retort.Training.Evaluating;
using Retort.Vision.Datasets;
using Retort.Vision.Loading;

namespace Retort.Cli.Prediction;

/// <summary>Detections of a test set without annotations, for COCO's evaluation server.</summary>
/// <param name="ImageInfo">The JSON file with the test set's images and categories.</param>
/// <param name="Images">The folder of the images.</param>
/// <param name="Name">What the submission is called; null takes the recipe's name.</param>
internal sealed record PredictSubmission(string ImageInfo, string Images, string? Name)
{
    /// <summary>Detects in every image and writes the two files into a folder.</summary>
    public void Run(Terminal terminal, TrainedDetector trained, string folder)
    {
        if (trained.Recipe.Model.IsRotated)
        {
            throw new RetortException(
                "--image-info is for detectors of upright boxes: COCO's results have no angle, and this detector's boxes are rotated; "
                    + "name the pictures or their folder instead, "
                + "large ones with --window, and --task1 for the files of DOTA's server");
        }

        string name = Name ?? Path.GetFileName(trained.Recipe.Name);
        CocoSubmission.CheckName(name);
        OutputPath.RequireFolder(folder, "--output");
        var options = new DatasetReadOptions { Classes = trained.ClassNames, AllowNoAnnotations = true };
        CocoDataset images = terminal.Progress.While("reading the list of images", () => CocoDataset.Read(ImageInfo, Images, options));
        CocoDetections detections;
        using (ProgressTask progress = terminal.Progress.Start("predicting", images.Count, "images"))
        {
            (detections, _) = DetectorEvaluation.Detect(
                trained.Compiled.Detect, images,
                    LoaderBuilder.Evaluation(trained.Recipe, images, terminal.Progress.Say,
                    new ImageIssueWarnings(text => terminal.Progress.Say($"warning: {text}"))).Epoch(0), trained.Device,
                    new CountedProgress(progress).Report);
        }

        (string json, string zip) = CocoSubmission.Write(folder, CocoSubmission.TestSet(ImageInfo), name, detections);
        terminal.Output.WriteLine($"{Quantity.Of(detections.Count, "detections")} in {Quantity.Of(images.Count, "images")}: {json}");
        terminal.Output.WriteLine($"for the server: {zip}");
    }
}

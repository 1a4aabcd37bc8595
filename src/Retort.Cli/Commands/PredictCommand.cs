using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Training.Building;
using Retort.Training.Prediction;

namespace Retort.Cli.Commands;

/// <summary><c>retort predict</c>: pictures in, drawn pictures and json out.</summary>
internal static class PredictCommand
{
    private const double DefaultThreshold = 0.3;

    // As of 'dataset split'.
    private const int LeastSide = 16, MostSide = 16384;

    public static Command Create(Terminal terminal)
    {
        Argument<string> checkpoint = new("checkpoint") { Description = "A published file or a run's checkpoint." };
        Argument<string[]> pictures = new("pictures") { Description = "Pictures, and folders of pictures.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> imageInfo = new("--image-info") { Description = "In place of pictures: a test set without annotations, as COCO's image_info_test-dev2017.json; writes what its server wants.", HelpName = "image_info.json" };
        Option<string?> images = new("--images") { Description = "The folder of that test set's images.", HelpName = "folder" };
        Option<string?> name = new("--name") { Description = "What the submission is called; by default as the recipe.", HelpName = "name" };
        Option<string> output = new("--output") { Description = "Where drawn pictures, as large as they are, and predictions.json go; pictures that are there already are not looked at.", HelpName = "folder", DefaultValueFactory = _ => "predictions" };
        Option<double> threshold = NumberOption.Share("--threshold", "Draw detections from this score on; the json has all from model.postProcessing.scoreThreshold on.", DefaultThreshold);
        Option<bool> noPictures = new("--no-pictures") { Description = "Write the json only, and draw nothing." };
        Option<int?> window = new("--window") { Description = "Look at large pictures window by window: the side of the windows in pixels. What is found is brought together by the detector's suppression.", HelpName = "pixels" };
        Option<int?> gap = new("--gap") { Description = "Least overlap of neighbouring windows in pixels, at least as much as the largest object; by default a fifth of the window.", HelpName = "pixels" };
        Option<string?> task1 = new("--task1") { Description = "Rotated boxes: also write DOTA's result files, Task1_CLASS.txt, into a folder or a .zip for its server.", HelpName = "folder|zip" };
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> device = DeviceOption.Create();
        var command = new DocumentedCommand(
            "predict",
            "Find objects in pictures: writes drawn pictures and a json file; or in a test set without annotations: writes a file for COCO's server.",
            "retort predict models/student_ld-1a2b3c4d.pth photos/ --output predictions",
            "retort predict models/student_ld-1a2b3c4d.pth --image-info image_info_test-dev2017.json --images test2017 --name ld_r50",
            "retort predict runs/bccd/student_ld/best.ckpt image.jpg --threshold 0.5",
            "retort predict runs/dota/gwd_r18_1x/best.ckpt dota/test/images --window 1024 --gap 200 --no-pictures --task1 task1.zip")
        {
            checkpoint, pictures, imageInfo, images, name, output, threshold, noPictures, window, gap, task1, set, device,
        };
        command.SetAction(parsed =>
        {
            string[] sources = parsed.GetValue(pictures)!;
            bool ofPictures = parsed.GetResult(threshold) is { Implicit: false } || parsed.GetValue(noPictures) || parsed.GetValue(window) is not null || parsed.GetValue(task1) is not null;
            PredictSubmission? submission = Submission(sources, parsed.GetValue(imageInfo), parsed.GetValue(images), parsed.GetValue(name), ofPictures);
            var prediction = new PicturePrediction(
                parsed.GetRequiredValue(output), parsed.GetValue(threshold), !parsed.GetValue(noPictures), Window(parsed.GetValue(window), parsed.GetValue(gap)), parsed.GetValue(task1));
            IReadOnlyList<string> files = PictureFiles.Find(sources, parsed.GetRequiredValue(output));
            DetectorOverrides.RequireEffect(parsed.GetValue(set)!, measuring: false);
            using TrainedDetector trained = TrainedDetector.Open(
                parsed.GetRequiredValue(checkpoint), [.. parsed.GetValue(set)!, .. DeviceOption.Override(parsed.GetValue(device))]);
            if (submission is not null)
            {
                submission.Run(terminal, trained, parsed.GetRequiredValue(output));
                return CommandLine.Success;
            }

            using var stop = new StopSignals();
            return prediction.Run(terminal, trained, files, stop.Token);
        });
        return command;
    }

    private static PredictSubmission? Submission(string[] pictures, string? imageInfo, string? images, string? name, bool ofPictures)
    {
        if (imageInfo is null)
        {
            return images is null && name is null
                ? pictures.Length > 0 ? null : throw new InvalidDataException("name pictures or folders of pictures, or a test set by --image-info; see 'retort predict --help'")
                : throw new InvalidDataException("--images and --name belong to --image-info; pictures are named without an option");
        }

        if (pictures.Length > 0 || ofPictures)
        {
            throw new InvalidDataException("--image-info stands in place of pictures, and all its detections go into one file; leave away the pictures and --threshold, --no-pictures, --window and --task1");
        }

        return new PredictSubmission(imageInfo, images ?? throw new InvalidDataException("--image-info needs --images, the folder of the images"), name);
    }

    // A fifth is what DOTA's tools have: 200 of 1024 pixels.
    private static (int Size, int Gap)? Window(int? size, int? gap) => (size, gap) switch
    {
        (null, null) => null,
        (null, _) => throw new InvalidDataException("--gap belongs to --window, the side of the windows"),
        ({ } side, _) when side is < LeastSide or > MostSide => throw new InvalidDataException($"--window is {side}; windows have sides of {LeastSide} to {MostSide} pixels"),
        ({ } side, { } overlap) when overlap < 0 || overlap >= side => throw new InvalidDataException($"--gap is {overlap}; neighbouring windows overlap by 0 or more pixels and by less than their side, {side}"),
        ({ } side, _) => (side, gap ?? side / 5),
    };
}

using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Prediction;
using Retort.Training.Building;

namespace Retort.Cli.Prediction;

/// <summary><c>retort predict</c>: pictures in, drawn pictures and json out.</summary>
internal static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new PredictArguments();
        var command = new DocumentedCommand(
            "predict",
            "Find objects in pictures: writes drawn pictures and a json file; or in a test set without annotations: writes a file for "
                + "COCO's server.",
            "retort predict models/student_ld-1a2b3c4d.pth photos/ --output predictions",
            "retort predict models/student_ld-1a2b3c4d.pth --image-info image_info_test-dev2017.json --images test2017 --name ld_r50",
            "retort predict runs/bccd/student_ld/best.ckpt image.jpg --threshold 0.5",
            "retort predict runs/dota/gwd_r18_1x/best.ckpt dota/test/images --window 1024 --gap 200 --no-pictures --task1 task1.zip");
        arguments.AddTo(command);
        command.SetAction(parsed => Run(terminal, arguments, parsed));
        return command;
    }

    private static int Run(Terminal terminal, PredictArguments arguments, ParseResult parsed)
    {
        (string[] sources, string output, string[] set) =
            (parsed.GetValue(arguments.Pictures)!, parsed.GetRequiredValue(arguments.Output), parsed.GetValue(arguments.Set)!);
        PredictSubmission? submission = Submission(arguments, parsed);
        var prediction = new PicturePrediction(
            output,
            parsed.GetValue(arguments.Threshold),
            !parsed.GetValue(arguments.NoPictures),
            Window(parsed.GetValue(arguments.Window), parsed.GetValue(arguments.Gap)),
            DetectionsPlace.From(parsed.GetValue(arguments.Task1), "--task1", parsed.GetValue(arguments.Force)));
        IReadOnlyList<string> files = ImageFiles.Find(sources, output, warning => terminal.Error.WriteLine($"warning: {warning}"));
        DetectorOverrides.RequireEffect(set, measuring: false);
        using TrainedDetector trained =
            ProcessSettings.Open(parsed.GetRequiredValue(arguments.Checkpoint),
            [.. set, .. DeviceOption.Override(parsed.GetValue(arguments.Device))]);
        if (submission is not null)
        {
            submission.Run(terminal, trained, output);
            return ExitCode.Success;
        }

        using var stop = new StopSignals();
        return prediction.Run(terminal, trained, files, stop.Token);
    }

    private static PredictSubmission? Submission(PredictArguments arguments, ParseResult parsed)
    {
        bool pictures = parsed.GetValue(arguments.Pictures)!.Length > 0;
        (string? images, string? name) = (parsed.GetValue(arguments.Images), parsed.GetValue(arguments.Name));
        if (parsed.GetValue(arguments.ImageInfo) is not { } imageInfo)
        {
            return images is null && name is null
                ? pictures ? null : throw new RetortException(
                    "name pictures or folders of pictures, or a test set by --image-info; see 'retort predict --help'")
                : throw new RetortException("--images and --name belong to --image-info; pictures are named without an option");
        }

        bool ofPictures = parsed.GetResult(arguments.Threshold) is { Implicit: false } || parsed.GetValue(arguments.NoPictures)
            || parsed.GetValue(arguments.Window) is not null || parsed.GetValue(arguments.Task1) is not null;
        if (pictures || ofPictures)
        {
            throw new RetortException("--image-info stands in place of pictures, and all its detections go into one file; omit the "
                + "pictures and --threshold, --no-pictures, --window and --task1");
        }

        return new PredictSubmission(imageInfo, images ?? throw new RetortException(
            "--image-info needs --images, the folder of the images"), name);
    }

    // A fifth is what DOTA's tools have: 200 of 1024 pixels.
    private static (int Size, int Gap)? Window(int? size, int? gap) => (size, gap) switch
    {
        (null, null) => null,
        (null, _) => throw new RetortException("--gap belongs to --window, the side of the windows"),
        ({ } side, { } overlap) when overlap >= side =>
            throw new RetortException(
            $"--gap is {overlap}; neighbouring windows overlap by 0 or more pixels and by less than their side, {side}"),
        ({ } side, _) => (side, gap ?? side / 5),
    };
}

using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Detection.Dense;
using Retort.Training.Building;
using Retort.Training.Prediction;
using Retort.Training.Progress;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;

namespace Retort.Cli.Commands;

/// <summary><c>retort predict</c>: pictures in, drawn pictures and json out.</summary>
internal static class PredictCommand
{
    private const double DefaultThreshold = 0.3;

    public static Command Create(Terminal terminal)
    {
        Argument<string> checkpoint = new("checkpoint") { Description = "A published file or a run's checkpoint." };
        Argument<string[]> pictures = new("pictures") { Description = "Pictures, and folders of pictures.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> imageInfo = new("--image-info") { Description = "In place of pictures: a test set without annotations, as COCO's image_info_test-dev2017.json; writes what its server wants.", HelpName = "image_info.json" };
        Option<string?> images = new("--images") { Description = "The folder of that test set's images.", HelpName = "folder" };
        Option<string?> name = new("--name") { Description = "What the submission is called; by default as the recipe.", HelpName = "name" };
        Option<string> output = new("--output") { Description = "Where drawn pictures and predictions.json go.", HelpName = "folder", DefaultValueFactory = _ => "predictions" };
        Option<double> threshold = new("--threshold") { Description = "Draw detections from this score on; the json has all.", HelpName = "score", DefaultValueFactory = _ => DefaultThreshold };
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> device = DeviceOption.Create();
        var command = new DocumentedCommand(
            "predict",
            "Find objects in pictures: writes drawn pictures and a json file; or in a test set without annotations: writes a file for COCO's server.",
            "retort predict models/student_ld-1a2b3c4d.pth photos/ --output predictions",
            "retort predict models/student_ld-1a2b3c4d.pth --image-info image_info_test-dev2017.json --images test2017 --name ld_r50",
            "retort predict runs/bccd/student_ld/best.ckpt image.jpg --threshold 0.5")
        {
            checkpoint, pictures, imageInfo, images, name, output, threshold, set, device,
        };
        command.SetAction(parsed =>
        {
            string[] sources = parsed.GetValue(pictures)!;
            PredictSubmission? submission = Submission(sources, parsed.GetValue(imageInfo), parsed.GetValue(images), parsed.GetValue(name), parsed.GetResult(threshold) is { Implicit: false });
            IReadOnlyList<string> files = PictureFiles.Find(sources);
            using TrainedDetector trained = TrainedDetector.Open(
                parsed.GetRequiredValue(checkpoint), [.. parsed.GetValue(set)!, .. DeviceOption.Override(parsed.GetValue(device))]);
            if (submission is not null)
            {
                submission.Run(terminal, trained, parsed.GetRequiredValue(output));
                return;
            }

            Run(terminal, new Predictor(trained), files, parsed.GetRequiredValue(output), parsed.GetValue(threshold));
        });
        return command;
    }

    private static PredictSubmission? Submission(string[] pictures, string? imageInfo, string? images, string? name, bool threshold)
    {
        if (imageInfo is null)
        {
            return images is null && name is null
                ? pictures.Length > 0 ? null : throw new InvalidDataException("name pictures or folders of pictures, or a test set by --image-info; see 'retort predict --help'")
                : throw new InvalidDataException("--images and --name belong to --image-info; pictures are named without an option");
        }

        if (pictures.Length > 0 || threshold)
        {
            throw new InvalidDataException("--image-info stands in place of pictures, and its detections are written whatever their score; leave the pictures and --threshold away");
        }

        return new PredictSubmission(imageInfo, images ?? throw new InvalidDataException("--image-info needs --images, the folder of the images"), name);
    }

    private static void Run(Terminal terminal, Predictor predictor, IReadOnlyList<string> files, string folder, double threshold)
    {
        Directory.CreateDirectory(folder);
        IReadOnlyList<string> names = OutputNames(files);
        RefuseToOverwrite(files, [.. names.Select(name => Path.Combine(folder, name))]);
        var all = new List<(string Picture, Detections Found)>();
        using (ProgressTask progress = terminal.Progress.Start("predicting", files.Count, "pictures"))
        {
            for (int k = 0; k < files.Count; k++)
            {
                using Image picture = ImageDecoder.Decode(files[k]);
                Detections found = predictor.Detect(picture);
                using Image drawn = BoxPainter.Draw(picture, Predictions.Drawn(found, threshold), predictor.Trained.ClassNames);
                ImageEncoder.Write(Path.Combine(folder, names[k]), drawn);
                all.Add((files[k], found));
                progress.Advance();
            }
        }

        string json = Path.Combine(folder, "predictions.json");
        Predictions.WriteJson(json, all, predictor.Trained.ClassNames);
        int shown = all.Sum(p => p.Found.Scores.Count(s => s >= threshold));
        terminal.Output.WriteLine($"{shown} objects from score {threshold} on in {files.Count} pictures; drawn pictures and {Path.GetFileName(json)} are in {folder}");
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

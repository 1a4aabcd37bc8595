using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Evaluation.Coco;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Evaluating;
using Retort.Training.Recipes;
using Retort.Vision.Data;
using Spectre.Console;

namespace Retort.Cli.Commands;

/// <summary><c>retort eval</c>: COCO's metrics of a trained detector, or of detections in a file.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string?> checkpoint = new("checkpoint") { Description = "A published file or a run's checkpoint; not needed with --results.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> annotations = new("--annotations") { Description = "The true boxes: a JSON file of COCO's instances format.", HelpName = "gt.json" };
        Option<string?> results = new("--results") { Description = "The detections: a JSON file of COCO's results format.", HelpName = "detections.json" };
        Option<string?> json = new("--json") { Description = "Write the numbers, also those of each class, into this file.", HelpName = "out.json" };
        Option<string?> save = new("--save-results") { Description = "Write the detector's detections into this file, in COCO's results format.", HelpName = "detections.json" };
        Option<bool> reference = new("--reference-max-detections") { Description = "Count up to 100, 300 and 1000 detections an image, as the authors' code does, instead of COCO's 1, 10 and 100." };
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> device = DeviceOption.Create();
        var command = new DocumentedCommand(
            "eval",
            "Measure a detector on the evaluation data of its recipe, or detections in a file against true boxes, with COCO's metrics.",
            "retort eval runs/bccd/student_ld/best.ckpt",
            "retort eval models/student-1a2b3c4d.pth --set data.root=/data/mine --save-results detections.json",
            "retort eval --annotations instances_val2017.json --results detections.json --json metrics.json")
        {
            checkpoint, annotations, results, json, save, reference, set, device,
        };
        command.SetAction(parsed =>
        {
            CocoEvaluationOptions options = parsed.GetValue(reference) ? CocoEvaluationOptions.ReferenceMaxDetections : new CocoEvaluationOptions();
            CocoEvaluation evaluation = (parsed.GetValue(checkpoint), parsed.GetValue(annotations), parsed.GetValue(results)) switch
            {
                ({ } file, null, null) => EvaluateDetector(terminal, file, [.. parsed.GetValue(set)!, .. DeviceOption.Override(parsed.GetValue(device))], parsed.GetValue(save), options),
                (null, { } truth, { } found) => Evaluate(truth, found, options),
                _ => throw new InvalidDataException("give either a checkpoint, or --annotations and --results; see 'retort eval --help'"),
            };
            Print(terminal, evaluation);
            if (parsed.GetValue(json) is { } target)
            {
                evaluation.WriteJson(target);
                terminal.Error.WriteLine($"The numbers are in {target}.");
            }
        });
        return command;
    }

    private static CocoEvaluation EvaluateDetector(Terminal terminal, string checkpoint, string[] overrides, string? save, CocoEvaluationOptions options)
    {
        using TrainedDetector trained = TrainedDetector.Open(checkpoint, overrides);
        DataOptions data = trained.Recipe.Data;
        DatasetOptions part = data.Val ?? throw new RecipeException($"{checkpoint}: its recipe names no evaluation data; give some with --set data.val...");
        IDetectionDataset images = RecipeDatasets.OpenForMeasuring(data, part, trained.ClassNames, terminal.Progress.Say);
        EvaluationResult result;
        using (Retort.Training.Progress.ProgressTask progress = terminal.Progress.Start("measuring", images.Count, "images"))
        {
            int done = 0;
            void Advance(int count)
            {
                progress.Advance(count - done);
                done = count;
            }

            result = DetectorEvaluation.Run(
                trained.Compiled.Detect, images, LoaderBuilder.Evaluation(trained.Recipe, images).Epoch(0), trained.Device, Advance, options);
        }

        if (save is not null)
        {
            result.Detections.Write(save);
        }

        return result.Evaluation;
    }

    private static CocoEvaluation Evaluate(string annotations, string results, CocoEvaluationOptions options)
    {
        CocoGroundTruth truth = CocoGroundTruth.Read(annotations);
        return CocoEvaluator.Evaluate(truth, CocoDetections.Read(results, truth), options);
    }

    private static void Print(Terminal terminal, CocoEvaluation evaluation)
    {
        Table classes = Terminal.NewTable("class", ">objects", ">AP", ">AP50", ">AP75", ">AR");
        foreach (CocoClassResult result in evaluation.Classes)
        {
            classes.AddRow(
                Markup.Escape(result.Category.Name),
                result.Objects.ToString(CultureInfo.InvariantCulture),
                Number(result.AP),
                Number(result.AP50),
                Number(result.AP75),
                Number(result.AR100));
        }

        terminal.Write(classes);
        terminal.Output.Write(evaluation.Summary.ToText());
    }

    /// <summary>Three digits, or a dash where there was nothing to measure.</summary>
    private static string Number(double value) => value < 0 ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using Retort.Cli.Prediction;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Voc;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Evaluating;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Loading;

namespace Retort.Cli.Evaluation;

/// <summary><c>retort eval</c>: metrics of a trained detector, or of detections in a file.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new EvalArguments();
        var command = new DocumentedCommand(
            "eval",
            "Measure a detector on the evaluation data of its recipe or on other data, or detections in a file against true boxes, with "
                + "COCO's, VOC's or DOTA's metrics.",
            "retort eval runs/bccd/student_ld/best.ckpt",
            "retort eval models/student-1a2b3c4d.pth --set data.root=/data/mine --save-results detections.json",
            "retort eval models/student-1a2b3c4d.pth --annotations test.json --images photos",
            "retort eval --annotations VOCdevkit/VOC2007 --split test --results detections.json --protocol voc07 --at-iou 75",
            "retort eval --annotations dota/val/labelTxt --results task1.zip",
            "retort eval --annotations instances_val2017.json --results detections.json --json metrics.json");
        arguments.AddTo(command);
        command.SetAction(parsed => Run(terminal, arguments, parsed));
        return command;
    }

    private static void Run(Terminal terminal, EvalArguments arguments, ParseResult parsed)
    {
        if (parsed.GetValue(arguments.Json) is { } numbers)
        {
            OutputPath.RequireFile(numbers, "--json");
        }

        var request = new EvaluationRequest(ToProtocol(parsed.GetValue(arguments.Protocol)), parsed.GetValue(arguments.Percent),
            parsed.GetValue(arguments.Reference));
        IDetectionScores scores = parsed.GetValue(arguments.Results) is { } found
            ? MeasureFile(terminal, arguments, parsed, found, request)
            : MeasureCheckpoint(terminal, arguments, parsed, request);
        ScoreTables.Print(terminal, scores, request.Percent);
        if (parsed.GetValue(arguments.Print))
        {
            ScoreTables.PrintReference(terminal, scores);
        }

        if (parsed.GetValue(arguments.Json) is { } target)
        {
            scores.WriteJson(target);
            terminal.Error.WriteLine($"The numbers are in {target}.");
        }
    }

    private static IDetectionScores MeasureFile(
        Terminal terminal, EvalArguments arguments, ParseResult parsed, string found, EvaluationRequest request)
    {
        RefuseWithResults(parsed.GetValue(arguments.Checkpoint) is not null, "a checkpoint");
        RefuseWithResults(parsed.GetValue(arguments.Set)!.Length > 0, "--set");
        RefuseWithResults(parsed.GetValue(arguments.Device) is not null, "--device");
        RefuseWithResults(parsed.GetValue(arguments.Save) is not null, "--save-results");
        RefuseWithResults(parsed.GetValue(arguments.Force), "--force");
        RefuseWithResults(parsed.GetValue(arguments.Images) is not null, "--images");
        string truth = parsed.GetValue(arguments.Annotations)
            ?? throw new RetortException("--results needs --annotations, the true boxes; see 'retort eval --help'");
        (string? split, bool merge) = (parsed.GetValue(arguments.Split), parsed.GetValue(arguments.Merge));
        bool rotated = DotaFiles.IsDota(truth, found);
        RefuseOfOthers(rotated, merge, parsed.GetValue(arguments.Print), request);
        return rotated ? DotaFiles.Measure(truth, split, found, request.Protocol, merge, terminal.Error.WriteLine)
            : request.Measure(Truth(truth, split), found);
    }

    private static IDetectionScores MeasureCheckpoint(
        Terminal terminal, EvalArguments arguments, ParseResult parsed, EvaluationRequest request)
    {
        string file = parsed.GetValue(arguments.Checkpoint)
            ?? throw new RetortException("give either a checkpoint, or --annotations and --results; see 'retort eval --help'");
        if (parsed.GetValue(arguments.Merge))
        {
            throw new RetortException(
                "--merge belongs to --results: what a checkpoint finds is saved by --save-results, and then merged and measured");
        }

        DetectorOverrides.RequireEffect(parsed.GetValue(arguments.Set)!, measuring: true);
        string[] overrides = [.. parsed.GetValue(arguments.Set)!, .. DeviceOption.Override(parsed.GetValue(arguments.Device)),
            .. request.Overrides];
        GroundTruthSource? truth = GroundTruthSource.From(parsed.GetValue(arguments.Annotations), parsed.GetValue(arguments.Images),
            parsed.GetValue(arguments.Split));
        return EvaluateDetector(terminal, file, overrides, truth, DetectionsPlace.From(
            parsed.GetValue(arguments.Save), "--save-results", parsed.GetValue(arguments.Force)), parsed.GetValue(arguments.Print),
            request);
    }

    private static IDetectionScores EvaluateDetector(
        Terminal terminal, string checkpoint, string[] overrides, GroundTruthSource? truth, DetectionsPlace? save, bool print,
        EvaluationRequest request)
    {
        using TrainedDetector trained = ProcessSettings.Open(checkpoint, overrides);
        bool rotated = trained.Recipe.Model.IsRotated;
        RefuseOfOthers(rotated, merge: false, print, request);
        if (!rotated)
        {
            save?.RequireFile();
            request.Check(trained.Recipe.Evaluation.Protocol);
        }

        DataOptions data = truth?.In(trained.Recipe.Data, rotated) ?? trained.Recipe.Data;
        DatasetOptions part = data.Val
            ?? throw new RecipeException($"{checkpoint}: its recipe names no evaluation data; give some with --annotations and --images");
        IDetectionDataset images = terminal.Progress.While("reading the annotations",
            () => RecipeDatasets.OpenForMeasuring(data, part, trained.ClassNames, terminal.Progress.Say));
        EvaluationResult result;
        if (rotated)
        {
            // Before hours of measuring, not after them.
            save?.RequireTask1(RotatedDetections.NamesOf(Enumerable.Range(0, images.Count).Select(k => images[k].Path)),
                trained.ClassNames);
        }

        var issues = new ImageIssueWarnings(text => terminal.Progress.Say($"warning: {text}"));
        using (ProgressTask progress = terminal.Progress.Start("measuring", images.Count, "images"))
        {
            result = DetectorEvaluation.Run(
                trained.Compiled.Detect,
                images,
                LoaderBuilder.Evaluation(trained.Recipe, images, terminal.Progress.Say, issues).Epoch(0),
                trained.Device,
                trained.Detector.Coding.Form,
                new CountedProgress(progress).Report,
                trained.Recipe.Evaluation.Protocol,
                request.Coco);
        }

        if (save is not null)
        {
            result.WriteDetections(save.Path, save.Replace);
        }

        return result.Scores;
    }

    private static CocoGroundTruth Truth(string annotations, string? split)
    {
        bool folder = Directory.Exists(annotations);
        if (folder != split is not null)
        {
            throw new RetortException(folder
                ? $"{annotations}: a VOC folder needs --split, the list in ImageSets/Main, for instance --split test; a folder of DOTA's "
                    + "label files goes with a folder or zip of DOTA's results"
                : $"{annotations}: --split is for a VOC folder, and this is none");
        }

        return folder
            ? GroundTruths.Of(VocDataset.Read(annotations, split!, new DatasetReadOptions
            {
                CheckImageFiles = false,
                BoxesAsWritten = true
            }))
            : CocoGroundTruth.Read(annotations);
    }

    private static void RefuseWithResults(bool given, string what)
    {
        if (given)
        {
            throw new RetortException(
                $"{what} has no meaning with --results: detections in a file are measured without a detector; omit one of them");
        }
    }

    // What is for other boxes than those that are measured, before anything is computed.
    private static void RefuseOfOthers(bool rotated, bool merge, bool print, EvaluationRequest request)
    {
        if (!rotated && (merge || print))
        {
            throw new RetortException($"{(merge ? "--merge" : "--reference-print")} is for rotated boxes in DOTA's files; omit it");
        }

        if (rotated && (request.ReferenceMaxDetections || request.Percent != EvalArguments.DefaultPercent))
        {
            throw new RetortException(
                $"{(request.ReferenceMaxDetections ? "--reference-max-detections" : "--at-iou")} is for horizontal boxes; omit it");
        }
    }

    private static EvaluationProtocol? ToProtocol(string? name) => name switch
    {
        null => null,
        "voc07" => EvaluationProtocol.Voc07,
        "voc12" => EvaluationProtocol.Voc12,
        _ => EvaluationProtocol.Coco,
    };

    /// <summary>What a person wants to know.</summary>
    /// <param name="Protocol">The definition of average precision, where one is given.</param>
    /// <param name="Percent">The IoU of VOC's table in percent.</param>
    /// <param name="ReferenceMaxDetections">Whether to count detections as the authors' code does.</param>
    private sealed record EvaluationRequest(EvaluationProtocol? Protocol, int Percent, bool ReferenceMaxDetections)
    {
        /// <summary>What the recipe in a checkpoint is changed by.</summary>
        public IEnumerable<string> Overrides => Protocol is { } given ? [$"evaluation.protocol={given.ToString().ToLowerInvariant()}"] : [];

        public CocoEvaluationOptions Coco =>
            ReferenceMaxDetections ? CocoEvaluationOptions.ReferenceMaxDetections : new CocoEvaluationOptions();

        public IDetectionScores Measure(CocoGroundTruth truth, string results)
        {
            EvaluationProtocol protocol = Protocol ?? EvaluationProtocol.Coco;
            Check(protocol);
            return DetectionScores.Measure(protocol, truth, CocoDetections.Read(results, truth), Coco);
        }

        /// <summary>Refuses options that the protocol does not have, before anything is computed.</summary>
        public void Check(EvaluationProtocol protocol)
        {
            if (!VocSummary.Percents.Contains(Percent))
            {
                throw new RetortException($"--at-iou is {Percent}; it is one of {string.Join(", ", VocSummary.Percents)}");
            }

            if (protocol == EvaluationProtocol.Coco && Percent != EvalArguments.DefaultPercent)
            {
                throw new RetortException("--at-iou is for VOC's table of classes; add --protocol voc07 or voc12");
            }

            if (protocol != EvaluationProtocol.Coco && ReferenceMaxDetections)
            {
                throw new RetortException("--reference-max-detections is for COCO's metrics; omit it, or add --protocol coco");
            }
        }
    }
}

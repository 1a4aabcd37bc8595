using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Voc;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Evaluating;
using Retort.Training.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Cli.Commands;

/// <summary><c>retort eval</c>: metrics of a trained detector, or of detections in a file.</summary>
internal static class EvalCommand
{
    private const int DefaultPercent = 50;

    public static Command Create(Terminal terminal)
    {
        Argument<string?> checkpoint = new("checkpoint") { Description = "A published file or a run's checkpoint; not needed with --results.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> annotations = new("--annotations") { Description = "The true boxes: a JSON file of COCO's instances format, a VOC folder with --split, or a folder of DOTA's label files.", HelpName = "gt.json" };
        Option<string?> split = new("--split") { Description = "The list in ImageSets/Main of a VOC folder.", HelpName = "test" };
        Option<string?> results = new("--results") { Description = "The detections: a JSON file of COCO's results format, or a folder or zip of DOTA's Task1_CLASS.txt files.", HelpName = "detections.json" };
        Option<string?> protocol = new("--protocol") { Description = "The definition of average precision: coco, voc07 (eleven points) or voc12 (area); by default the recipe's, for files coco, for DOTA's files voc07.", HelpName = "name" };
        protocol.AcceptOnlyFromAmong("coco", "voc07", "voc12");
        Option<int> percent = new("--at-iou") { Description = "The IoU in percent that VOC's table of classes is for.", HelpName = "50..95", DefaultValueFactory = _ => DefaultPercent };
        Option<string?> json = new("--json") { Description = "Write the numbers, also those of each class, into this file.", HelpName = "out.json" };
        Option<string?> save = new("--save-results") { Description = "Write the detector's detections: a file of COCO's results format; rotated ones into a folder or .zip of DOTA's files.", HelpName = "detections.json" };
        Option<bool> reference = new("--reference-max-detections") { Description = "COCO: count up to 100, 300 and 1000 detections an image, as the authors' code does, instead of COCO's 1, 10 and 100." };
        Option<bool> merge = new("--merge") { Description = "DOTA: the detections are of windows (id__size__x___y); bring them together into whole images first." };
        Option<bool> print = new("--reference-print") { Description = "DOTA: also show the numbers that the authors' script prints, whose sum runs on from threshold to threshold." };
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> device = DeviceOption.Create();
        var command = new DocumentedCommand(
            "eval",
            "Measure a detector on the evaluation data of its recipe, or detections in a file against true boxes, with COCO's, VOC's or DOTA's metrics.",
            "retort eval runs/bccd/student_ld/best.ckpt",
            "retort eval models/student-1a2b3c4d.pth --set data.root=/data/mine --save-results detections.json",
            "retort eval --annotations VOCdevkit/VOC2007 --split test --results detections.json --protocol voc07 --at-iou 75",
            "retort eval --annotations dota/val/labelTxt --results task1.zip",
            "retort eval --annotations instances_val2017.json --results detections.json --json metrics.json")
        {
            checkpoint, annotations, split, results, protocol, percent, json, save, reference, merge, print, set, device,
        };
        command.SetAction(parsed =>
        {
            var request = new EvaluationRequest(ToProtocol(parsed.GetValue(protocol)), parsed.GetValue(percent), parsed.GetValue(reference));
            IDetectionScores scores;
            if (parsed.GetValue(results) is { } found)
            {
                RefuseWithResults(parsed.GetValue(checkpoint) is not null, "a checkpoint");
                RefuseWithResults(parsed.GetValue(set)!.Length > 0, "--set");
                RefuseWithResults(parsed.GetValue(device) is not null, "--device");
                RefuseWithResults(parsed.GetValue(save) is not null, "--save-results");
                string truth = parsed.GetValue(annotations) ?? throw new InvalidDataException("--results needs --annotations, the true boxes; see 'retort eval --help'");
                bool rotated = DotaFiles.Are(truth, parsed.GetValue(split), found);
                RefuseOfOthers(rotated, parsed.GetValue(merge), parsed.GetValue(print), request);
                scores = rotated
                    ? DotaFiles.Measure(truth, found, request.Protocol, parsed.GetValue(merge))
                    : request.Measure(Truth(truth, parsed.GetValue(split)), found);
            }
            else
            {
                string file = parsed.GetValue(checkpoint) ?? throw new InvalidDataException("give either a checkpoint, or --annotations and --results; see 'retort eval --help'");
                if (parsed.GetValue(annotations) is not null || parsed.GetValue(split) is not null)
                {
                    throw new InvalidDataException("--annotations and --split belong to --results; a checkpoint is measured on its recipe's data, which --set data.val... changes");
                }

                if (parsed.GetValue(merge))
                {
                    throw new InvalidDataException("--merge belongs to --results: what a checkpoint finds is saved by --save-results, and then merged and measured");
                }

                string[] overrides = [.. parsed.GetValue(set)!, .. DeviceOption.Override(parsed.GetValue(device)), .. request.Overrides];
                scores = EvaluateDetector(terminal, file, overrides, parsed.GetValue(save), parsed.GetValue(print), request);
            }

            ScoreTables.Print(terminal, scores, request.Percent);
            if (parsed.GetValue(print))
            {
                ScoreTables.PrintReference(terminal, scores);
            }

            if (parsed.GetValue(json) is { } target)
            {
                scores.WriteJson(target);
                terminal.Error.WriteLine($"The numbers are in {target}.");
            }
        });
        return command;
    }

    private static IDetectionScores EvaluateDetector(Terminal terminal, string checkpoint, string[] overrides, string? save, bool print, EvaluationRequest request)
    {
        using TrainedDetector trained = TrainedDetector.Open(checkpoint, overrides);
        bool rotated = trained.Recipe.Model.IsRotated;
        RefuseOfOthers(rotated, merge: false, print, request);
        if (!rotated)
        {
            request.Check(trained.Recipe.Evaluation.Protocol);
        }

        DataOptions data = trained.Recipe.Data;
        DatasetOptions part = data.Val ?? throw new RecipeException($"{checkpoint}: its recipe names no evaluation data; give some with --set data.val...");
        IDetectionDataset images = RecipeDatasets.OpenForMeasuring(data, part, trained.ClassNames, terminal.Progress.Say);
        EvaluationResult result;
        using (Retort.Training.Progress.ProgressTask progress = terminal.Progress.Start("measuring", images.Count, "images"))
        {
            result = DetectorEvaluation.Run(
                trained.Compiled.Detect, images, LoaderBuilder.Evaluation(trained.Recipe, images).Epoch(0), trained.Device,
                new CountedProgress(progress).Report, trained.Recipe.Evaluation.Protocol, request.Coco);
        }

        if (save is not null)
        {
            result.WriteDetections(save);
        }

        return result.Scores;
    }

    private static CocoGroundTruth Truth(string annotations, string? split)
    {
        bool folder = Directory.Exists(annotations);
        if (folder != split is not null)
        {
            throw new InvalidDataException(folder
                ? $"{annotations}: a VOC folder needs --split, the list in ImageSets/Main, for instance --split test; a folder of DOTA's label files goes with a folder or zip of DOTA's results"
                : $"{annotations}: --split is for a VOC folder, and this is none");
        }

        return folder
            ? GroundTruths.Of(VocDataset.Read(annotations, split!, new DatasetReadOptions { CheckImageFiles = false, BoxesAsWritten = true }))
            : CocoGroundTruth.Read(annotations);
    }

    private static void RefuseWithResults(bool given, string what)
    {
        if (given)
        {
            throw new InvalidDataException($"{what} has no meaning with --results: detections in a file are measured without a detector; leave one of them away");
        }
    }

    // What is for other boxes than those that are measured, before anything is computed.
    private static void RefuseOfOthers(bool rotated, bool merge, bool print, EvaluationRequest request)
    {
        if (!rotated && (merge || print))
        {
            throw new InvalidDataException($"{(merge ? "--merge" : "--reference-print")} is for rotated boxes in DOTA's files; leave it away");
        }

        if (rotated && (request.ReferenceMaxDetections || request.Percent != DefaultPercent))
        {
            throw new InvalidDataException($"{(request.ReferenceMaxDetections ? "--reference-max-detections" : "--at-iou")} is for horizontal boxes; leave it away");
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

        public CocoEvaluationOptions Coco => ReferenceMaxDetections ? CocoEvaluationOptions.ReferenceMaxDetections : new CocoEvaluationOptions();

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
                throw new InvalidDataException($"--at-iou is {Percent}; it is one of {string.Join(", ", VocSummary.Percents)}");
            }

            if (protocol == EvaluationProtocol.Coco && Percent != DefaultPercent)
            {
                throw new InvalidDataException("--at-iou is for VOC's table of classes; add --protocol voc07 or voc12");
            }

            if (protocol != EvaluationProtocol.Coco && ReferenceMaxDetections)
            {
                throw new InvalidDataException("--reference-max-detections is for COCO's metrics; leave it away, or add --protocol coco");
            }
        }
    }
}

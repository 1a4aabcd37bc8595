using System.CommandLine;
using Retort.Cli.Prediction;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Evaluation.Voc;

namespace Retort.Cli.Evaluation;

/// <summary>What <c>retort eval</c> takes.</summary>
internal sealed class EvalArguments
{
    /// <summary>The IoU of VOC's table where none is given.</summary>
    public const int DefaultPercent = 50;

    public EvalArguments() => Protocol.AcceptOnlyFromAmong("coco", "voc07", "voc12");

    public Argument<string?> Checkpoint { get; } = new("checkpoint")
    {
        Description = "A published file or a run's checkpoint; not needed "
        + "with --results.",
        Arity = ArgumentArity.ZeroOrOne
    };

    public Option<string?> Annotations { get; } = new("--annotations")
    {
        Description = "The true boxes: a JSON file of COCO's instances "
        + "format, a VOC folder with --split, or a folder of label files of DOTA or, for a checkpoint, YOLO.",
        HelpName = "gt.json"
    };

    public Option<string?> Images { get; } = new("--images")
    {
        Description = "The images of --annotations, to measure a checkpoint on "
        + "them; a VOC folder has its own.",
        HelpName = "folder"
    };

    public Option<string?> Split { get; } = new("--split")
    {
        Description = "The list in ImageSets/Main of a VOC folder; for label files "
        + "of DOTA or YOLO a file of image names, one a line.",
        HelpName = "test"
    };

    public Option<string?> Results { get; } = new("--results")
    {
        Description = "The detections: a JSON file of COCO's results format, or "
        + "a folder or zip of DOTA's Task1_CLASS.txt files.",
        HelpName = "detections.json"
    };

    public Option<string?> Protocol { get; } = new("--protocol")
    {
        Description = "The definition of average precision: coco, voc07 "
        + "(eleven points) or voc12 (area); by default the recipe's, for files coco, for DOTA's files voc07.",
        HelpName = "name"
    };

    public Option<int> Percent { get; } =
        NumberOption.Whole("--at-iou", "The IoU in percent that VOC's table of classes is for, in steps of five.", DefaultPercent,
        VocSummary.Percents[0], VocSummary.Percents[^1]);

    public Option<string?> Json { get; } =
        new("--json") { Description = "Write the numbers, also those of each class, into this file.", HelpName = "out.json" };

    public Option<string?> Save { get; } = new("--save-results")
    {
        Description = "Write the detector's detections: a file of COCO's "
        + "results format; rotated ones into a folder or .zip of DOTA's files.",
        HelpName = "detections.json"
    };

    public Option<bool> Force { get; } = DetectionsPlace.Force("--save-results");

    public Option<bool> Reference { get; } = new("--reference-max-detections")
    {
        Description = "COCO: count up to 100, 300 and 1000 "
        + "detections an image, as the authors' code does, instead of COCO's 1, 10 and 100."
    };

    public Option<bool> Merge { get; } = new("--merge")
    {
        Description = "DOTA: the detections are of windows (id__size__x___y); bring "
        + "them together into whole images first."
    };

    public Option<bool> Print { get; } = new("--reference-print")
    {
        Description = "DOTA: also show the numbers that the authors' script "
        + "prints, whose sum runs on from threshold to threshold."
    };

    public Option<string[]> Set { get; } = RecipeOptions.Set();

    public Option<string?> Device { get; } = DeviceOption.Create();

    /// <summary>Adds them in the order in which the help shows them.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Checkpoint);
        foreach (Option option in (Option[])[Annotations, Images, Split, Results, Protocol, Percent, Json, Save, Force, Reference, Merge,
            Print, Set, Device])
        {
            command.Options.Add(option);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Evaluation.Coco;
using Spectre.Console;

namespace Retort.Cli.Commands;

/// <summary><c>retort eval</c>: COCO's metrics of detections in a file.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string> annotations = new("--annotations") { Description = "The true boxes: a JSON file of COCO's instances format.", HelpName = "gt.json", Required = true };
        Option<string> results = new("--results") { Description = "The detections: a JSON file of COCO's results format.", HelpName = "detections.json", Required = true };
        Option<string?> json = new("--json") { Description = "Write the numbers, also those of each class, into this file.", HelpName = "out.json" };
        Option<bool> reference = new("--reference-max-detections") { Description = "Count up to 100, 300 and 1000 detections an image, as the authors' code does, instead of COCO's 1, 10 and 100." };
        var command = new DocumentedCommand(
            "eval",
            "Measure detections against true boxes with COCO's metrics.",
            "retort eval --annotations instances_val2017.json --results detections.json --json metrics.json")
        {
            annotations, results, json, reference,
        };
        command.SetAction(parsed =>
        {
            CocoEvaluationOptions options = parsed.GetValue(reference) ? CocoEvaluationOptions.ReferenceMaxDetections : new CocoEvaluationOptions();
            CocoEvaluation evaluation = Evaluate(parsed.GetRequiredValue(annotations), parsed.GetRequiredValue(results), options);
            Print(terminal, evaluation);
            if (parsed.GetValue(json) is { } file)
            {
                evaluation.WriteJson(file);
                terminal.Error.WriteLine($"The numbers are in {file}.");
            }
        });
        return command;
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

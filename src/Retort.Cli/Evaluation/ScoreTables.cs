using System.Globalization;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Dota;
using Retort.Evaluation.Voc;
using Retort.Training.Evaluating;
using Spectre.Console;

namespace Retort.Cli.Evaluation;

/// <summary>What detections scored, for a person: a table of the classes, then the numbers over all.</summary>
internal static class ScoreTables
{
    /// <summary>Prints the table of a protocol.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="scores">The numbers.</param>
    /// <param name="percent">The IoU in percent that VOC's recall and AP of classes are for.</param>
    public static void Print(Terminal terminal, IDetectionScores scores, int percent)
    {
        switch (scores)
        {
            case CocoScores coco:
                Print(terminal, coco.Evaluation);
                break;
            case VocScores voc:
                Print(terminal, voc.Summary, percent);
                break;
            case RotatedScores rotated:
                Print(terminal, rotated);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(scores), scores, "unknown scores");
        }
    }

    /// <summary>Prints the numbers that the authors' script prints for rotated boxes.</summary>
    /// <exception cref="RetortException">The scores are not of rotated boxes.</exception>
    public static void PrintReference(Terminal terminal, IDetectionScores scores)
    {
        DotaEvaluation evaluation = scores is RotatedScores rotated ? rotated.Evaluation
            : throw new RetortException("--reference-print is for rotated boxes; omit it");
        (double[] printed, double total) = evaluation.ReferencePrint();
        terminal.Output.WriteLine("as the authors' script prints, with a sum that runs on from threshold to threshold:");
        terminal.Output.WriteLine(string.Join("  ", evaluation.Numbers.Select(n => n.Name).Zip([total, .. printed]).Select(Text)));
    }

    private static void Print(Terminal terminal, RotatedScores scores)
    {
        DotaEvaluation evaluation = scores.Evaluation;
        Table classes = NewTable("objects", "detections", "AP50", "AP75", "AP");
        int at75 = evaluation.Options.Thresholds.Select((t, k) => (t, k)).First(e => e.t >= 0.75 - 1e-9).k;
        foreach (DotaClassResult result in evaluation.Classes)
        {
            bool measured = result.Objects > 0;
            classes.AddRow(
                Markup.Escape(scores.ClassNames[result.Class]), Count(result.Objects), Count(result.Detections),
                Number(measured ? result.AP[0] : -1), Number(measured ? result.AP[at75] : -1), Number(measured ? result.MeanAP : -1));
        }

        classes.AddRow(
            "mean", Count(evaluation.Classes.Sum(c => c.Objects)), Count(evaluation.Classes.Sum(c => c.Detections)),
                Number(evaluation.MeanAP(0)), Number(evaluation.MeanAP(at75)), Number(evaluation.AP));
        terminal.Write(classes);
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"AP {evaluation.AP:0.0000}: the mean over IoU .50 to .95 of rotated boxes, by "
                + $"{(evaluation.Options.Interpolation == VocInterpolation.Area ? "area" : "eleven points")}"));
        terminal.Output.WriteLine(string.Join("  ", evaluation.Numbers.Skip(1).Select(Text)));
    }

    private static string Text((string Name, double Value) number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number.Name} {number.Value:0.0000}");

    private static void Print(Terminal terminal, CocoEvaluation evaluation)
    {
        Table classes = NewTable("objects", "AP", "AP50", "AP75", "AR");
        foreach (CocoClassResult result in evaluation.Classes)
        {
            classes.AddRow(
                Markup.Escape(result.Category.Name), Count(result.Objects), Number(result.AP), Number(result.AP50), Number(result.AP75),
                    Number(result.AR100));
        }

        terminal.Write(classes);
        terminal.Output.Write(evaluation.Summary.ToText());
    }

    private static void Print(Terminal terminal, VocSummary summary, int percent)
    {
        VocEvaluation at = summary.At(percent);
        Table classes = NewTable("objects", "detections", $"recall{percent}", $"AP{percent}", "AP");
        for (int k = 0; k < summary.ClassNames.Count; k++)
        {
            VocClassResult result = at.Classes[k];
            bool measured = result.Objects > 0;
            classes.AddRow(
                Markup.Escape(summary.ClassNames[k]), Count(result.Objects), Count(summary.Detections[k]),
                    Number(measured ? result.FinalRecall : -1),
                Number(measured ? result.AP : -1), Number(measured ? summary.MeanOfClass(k) : -1));
        }

        classes.AddRow("mean", Count(at.Classes.Sum(c => c.Objects)), Count(summary.Detections.Sum()), "", Number(at.MeanAP),
            Number(summary.AP));
        terminal.Write(classes);
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"AP {summary.AP:0.0000}: the mean over IoU .50 to .95, by "
                + $"{(at.Options.Interpolation == VocInterpolation.Area ? "area" : "eleven points")}"));
        terminal.Output.WriteLine(string.Join("  ", VocSummary.Names.Zip(summary.Values).Skip(1)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.First} {n.Second:0.0000}"))));
    }

    private static Table NewTable(params string[] numbers) => Terminal.NewTable(["class", .. numbers.Select(Heading.Number)]);

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Three digits, or a dash where there was nothing to measure.</summary>
    private static string Number(double value) => value < 0 ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);
}

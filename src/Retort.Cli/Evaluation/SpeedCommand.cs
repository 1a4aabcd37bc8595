using System.CommandLine;
using System.Globalization;
using Retort.Cli.Prediction;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Prediction;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Training.Measuring;
using Spectre.Console;

namespace Retort.Cli.Evaluation;

/// <summary><c>retort speed</c>: how fast a detector is on this machine, and how large.</summary>
internal static class SpeedCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> checkpoint = new("checkpoint") { Description = "A published file or a run's checkpoint." };
        Option<int[]> size = NumberOption.Size("--size", "Width and height of the network's input; by default the recipe's.", 32, 16384);
        Option<int> runs = NumberOption.Whole("--runs", "Images that are timed, after a tenth as many that are not.", 50, 1);
        Option<int> threads = NumberOption.Whole("--threads", "Threads; 0 takes as many as there are cores.", 0, 0, 1024);
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> device = DeviceOption.Create();
        var command = new DocumentedCommand(
            "speed",
            "Measure images a second and latency of a detector (network, decoding and suppression), its parameters and multiply-adds.",
            "retort speed models/student_ld-1a2b3c4d.pth",
            "retort speed models/student_ld-1a2b3c4d.pth --set model.postProcessing.nms.type=score-voting-cluster-diou",
            "retort speed runs/bccd/student/best.ckpt --size 1344 800 --threads 1")
        {
            checkpoint, size, runs, threads, set, device,
        };
        command.SetAction(parsed =>
        {
            DetectorOverrides.RequireEffect(parsed.GetValue(set)!, measuring: false);
            using TrainedDetector trained = ProcessSettings.Open(
                parsed.GetRequiredValue(checkpoint),
                    [$"threads={parsed.GetValue(threads)}", .. parsed.GetValue(set)!, .. DeviceOption.Override(parsed.GetValue(device))]);
            (int, int)? given = parsed.GetValue(size) is [var width, var height] ? (width, height) : null;
            Print(terminal, SpeedTest.Run(trained, given, parsed.GetValue(runs), terminal.Progress));
        });
        return command;
    }

    private static void Print(Terminal terminal, SpeedResult result)
    {
        Table table = Terminal.NewTable("what", Heading.Number("value"));
        void Row(string what, FormattableString value) => table.AddRow(what, value.ToString(CultureInfo.InvariantCulture));
        Row("input", $"{result.Width}x{result.Height}");
        Row("device", $"{result.Device}, {Runtime.Threads} threads");
        Row("images a second", $"{result.ImagesPerSecond:0.00}");
        Row("latency, median", $"{result.Percentile(50):0.0} ms");
        Row("latency, 90 %", $"{result.Percentile(90):0.0} ms");
        Row("latency, 99 %", $"{result.Percentile(99):0.0} ms");
        Row("parameters", $"{result.Parameters / 1e6:0.000} million");
        Row("multiply-adds", $"{result.MultiplyAdds / 1e9:0.000} billion");
        terminal.Write(table);
    }
}

using System.CommandLine;
using System.Globalization;
using Retort.Cli.Prediction;
using Retort.Cli.Progress;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Files;
using Retort.Distillation;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Training.Building;
using Retort.Training.Comparing;
using Retort.Training.Data;
using Retort.Vision.Data;
using Retort.Vision.Imaging;
using Spectre.Console;
using ProgressTask = Retort.Cli.Progress.ProgressTask;

namespace Retort.Cli.Evaluation;

/// <summary><c>retort compare</c>: how far students are from their teacher, as in Table 7 and Figures 4 to 6 of the paper.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> teacher = new("teacher") { Description = "The teacher: a published file or a run's checkpoint." };
        Argument<string[]> students = new("students") { Description = "The students, likewise.", Arity = ArgumentArity.OneOrMore };
        Option<string?> json = new("--json")
        {
            Description = "Write the numbers, also those of each pyramid level, into this file.",
            HelpName = "out.json"
        };
        Option<string?> maps = new("--maps")
        {
            Description = "Draw where the box logits differ, in the first images, into this folder.",
            HelpName = "folder"
        };
        Option<int> count = NumberOption.Whole("--images", "How many images are drawn.", 4, 1);
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> device = DeviceOption.Create();
        var command = new DocumentedCommand(
            "compare",
            "Measure how far the predictions of students are from their teacher's on the evaluation data, and how much they correlate "
                + "(the paper's Table 7, Figures 4 to 6).",
            "retort compare runs/bccd/teacher/best.ckpt runs/bccd/student/best.ckpt runs/bccd/student_ld/best.ckpt",
            "retort compare teacher.pth student.pth --set input.evaluationScale=[640,480] --maps differences")
        {
            teacher, students, json, maps, count, set, device,
        };
        command.SetAction(parsed =>
        {
            DetectorOverrides.RequireEffect(parsed.GetValue(set)!, measuring: true);
            if (parsed.GetValue(maps) is null && parsed.GetResult(count) is { Implicit: false })
            {
                throw new RetortException("--images belongs to --maps: so many images are drawn; all of the evaluation data are "
                    + "compared, or the first with --set data.val.subset=...");
            }

            RequirePlaces(parsed.GetValue(json), parsed.GetValue(maps));
            string[] overrides = [.. parsed.GetValue(set)!, .. DeviceOption.Override(parsed.GetValue(device))];
            string[] files = parsed.GetRequiredValue(students);
            using var all = new OpenedDetectors([parsed.GetRequiredValue(teacher), .. files], overrides);
            Run(terminal, all, Names(files), parsed.GetValue(json));
            if (parsed.GetValue(maps) is { } folder)
            {
                DrawMaps(terminal, all, Names(files), folder, parsed.GetValue(count));
            }
        });
        return command;
    }

    private static void RequirePlaces(string? json, string? maps)
    {
        if (json is not null)
        {
            OutputPath.RequireFile(json, "--json");
        }

        if (maps is not null)
        {
            OutputPath.RequireFolder(maps, "--maps");
        }
    }

    private static void Run(Terminal terminal, OpenedDetectors all, IReadOnlyList<string> names, string? json)
    {
        IDetectionDataset images = all.Images(terminal);
        IReadOnlyList<PairComparison> results;
        using (ProgressTask progress = terminal.Progress.Start("comparing", images.Count, "images"))
        {
            results = PairComparison.Run(all.Teacher, all.Students, LoaderBuilder.Evaluation(all.Teacher.Recipe, images).Epoch(0),
                new CountedProgress(progress).Report);
        }

        Table table = Terminal.NewTable(["student", .. PairAgreement.Measures.Select(m => Heading.Number(NameOf(m)))]);
        for (int k = 0; k < names.Count; k++)
        {
            table.AddRow([Markup.Escape(names[k]), .. PairAgreement.Measures.Select(m => Number(results[k].Mean(m)))]);
        }

        terminal.Write(table);
        terminal.Output.WriteLine("means over the pyramid levels; errors of probabilities, distances of logits and features, Pearson's r");
        if (json is not null)
        {
            ComparisonWriter.Write(json, names, results);
            terminal.Error.WriteLine($"The numbers are in {json}.");
        }
    }

    private static void DrawMaps(Terminal terminal, OpenedDetectors all, IReadOnlyList<string> names, string folder, int count)
    {
        IDetectionDataset images = all.Images(terminal);
        UserFiles.CreateFolder(folder);
        var outputs = new OutputNames();
        foreach (BoxErrorMaps maps in BoxErrorMaps.Of(all.Teacher, all.Students, LoaderBuilder.Evaluation(all.Teacher.Recipe, images)
            .Epoch(0), count))
        {
            string source = images[maps.Image].Path;
            using Image picture = ImageDecoder.Decode(source);
            using Image sheet = ErrorMapSheet.Draw(picture, maps, names);
            ImageEncoder.Write(Path.Combine(folder, outputs.Next(source, ".png")), sheet);
        }

        terminal.Output.WriteLine($"where the box logits differ: {folder}");
    }

    // A run's checkpoints are all called the same: their folder tells them apart. Where that does not either, the paths do.
    private static string[] Names(string[] files)
    {
        string[] names = [.. files.Select(file => Path.GetExtension(file) == ".ckpt"
            ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))! : Path.GetFileNameWithoutExtension(file))];
        return names.Distinct().Count() == names.Length ? names : files;
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string NameOf(AgreementMeasure measure) => measure switch
    {
        AgreementMeasure.ScoreError => "score error",
        AgreementMeasure.EdgeError => "edge error",
        AgreementMeasure.FeatureDistance => "features",
        AgreementMeasure.ClassDistance => "class logits",
        AgreementMeasure.BoxDistance => "box logits",
        AgreementMeasure.FeatureCorrelation => "r features",
        AgreementMeasure.ClassCorrelation => "r classes",
        AgreementMeasure.BoxCorrelation => "r boxes",
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "unknown measure"),
    };

    /// <summary>A teacher and its students, from files.</summary>
    private sealed class OpenedDetectors : IDisposable
    {
        private readonly List<TrainedDetector> _all = [];

        public OpenedDetectors(IEnumerable<string> files, string[] overrides)
        {
            try
            {
                foreach (string file in files)
                {
                    _all.Add(ProcessSettings.Open(file, overrides));
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public TrainedDetector Teacher => _all[0];

        public IReadOnlyList<TrainedDetector> Students => _all[1..];

        /// <summary>The evaluation data of the teacher's recipe.</summary>
        public IDetectionDataset Images(Terminal terminal)
        {
            DataOptions data = Teacher.Recipe.Data;
            return RecipeDatasets.OpenForMeasuring(
                data, data.Val ?? throw new RecipeException(
                    "the teacher's recipe names no evaluation data; give some with --set data.val..."), Teacher.ClassNames,
                    terminal.Progress.Say);
        }

        public void Dispose() => _all.ForEach(d => d.Dispose());
    }
}

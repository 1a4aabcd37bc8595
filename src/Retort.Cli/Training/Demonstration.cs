using System.Diagnostics;
using Retort.Cli.Progress;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Files;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Evaluating;
using Retort.Training.Running;
using Retort.Training.Runs;
using Retort.Vision.Data;
using Retort.Vision.Synthesis;
using ProgressTask = Retort.Cli.Progress.ProgressTask;

namespace Retort.Cli.Training;

/// <summary>One detector of the demonstration: what it is called, where its weights are, what it scored.</summary>
/// <param name="Name">Heading in the table.</param>
/// <param name="Checkpoint">File of the weights.</param>
/// <param name="Result">Score on the validation images.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Training">How long its training took, or where it comes from otherwise.</param>
internal sealed record DemoDetector(string Name, string Checkpoint, EvaluationResult Result, long Parameters, string Training);

/// <summary>Data set, teacher, plain student, distilled student, comparison.</summary>
/// <param name="terminal">Where to show it.</param>
/// <param name="folder">Where data, runs and images go.</param>
/// <param name="trainImages">Images to train on.</param>
/// <param name="overrides">Texts <c>key.path=value</c> that change every recipe.</param>
internal sealed class Demonstration(Terminal terminal, string folder, int trainImages, string[] overrides)
{
    /// <summary>Images to train on, unless another number is asked for.</summary>
    public const int DefaultImages = 400;

    private const double ValidationShare = 0.3;
    private readonly string _data = Path.Combine(folder, "data");

    /// <summary>Runs whatever an earlier call has not finished, and shows the comparison.</summary>
    public void Run(bool trainTeacher)
    {
        Recipe recipe = Load("student");
        Draw();
        DemoDetector teacher = trainTeacher ? Train("teacher", "teacher") : Score("teacher", ShippedTeacher(), "comes with Retort");
        DemoDetector plain = Train("plain student", "student");
        DemoDetector distilled = Train("distilled student", "student_ld", $"teacher.weights={teacher.Checkpoint}");
        string picture = Path.Combine(folder, "comparison.png");
        DemoReport.Draw(picture, Validation(recipe), plain, distilled);
        DemoReport.Print(terminal, [teacher, plain, distilled], picture);
    }

    private static string ShippedTeacher()
    {
        string models = Path.Combine(RecipePlaces.Shipped, "demo");
        return Directory.Exists(models)
            && UserFiles.List(models, "teacher-*.pth").Order(StringComparer.Ordinal).FirstOrDefault() is { } file
            ? file
            : throw new RetortException(
                $"{models}: the teacher that comes with Retort is not there; train it with 'retort demo --train-teacher'");
    }

    private void Draw()
    {
        var options = new SyntheticOptions { TrainImages = trainImages, ValidationImages = (int)Math.Round(trainImages * ValidationShare) };
        using ProgressTask task = terminal.Progress.Start("drawing", options.TrainImages + options.ValidationImages, "images");
        SyntheticDataset.Generate(options, _data, new CountedProgress(task));
    }

    private Recipe Load(string recipe, params string[] more) =>
        RecipeOptions.Load($"demo/{recipe}", [$"data.root={_data}", $"output={Path.Combine(folder, "runs")}", .. more, .. overrides]);

    private DemoDetector Train(string name, string recipeName, params string[] more)
    {
        Recipe recipe = Load(recipeName, more);
        terminal.Progress.Say($"--- {name}");
        bool begun = RunFolder.For(recipe).CanResume;
        long start = Stopwatch.GetTimestamp();
        using var stop = new StopSignals();
        TrainingState end = TrainCommand.Run(terminal, new RunRequest(
            recipe)
        { Resume = true, HowToContinue = "the same command continues" }, stop.Token);
        if (end.Epoch < recipe.Schedule.Epochs)
        {
            throw new OperationCanceledException("the demonstration was stopped; the same command continues it");
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        return Score(name, RunFolder.For(recipe).BestCheckpoint, begun ? "an earlier call" : ProgressTask.Duration(taken));
    }

    private DemoDetector Score(string name, string checkpoint, string training)
    {
        using TrainedDetector trained = ProcessSettings.Open(checkpoint, [$"data.root={_data}", .. overrides]);
        IDetectionDataset images = Validation(trained.Recipe);
        using ProgressTask progress = terminal.Progress.Start($"measuring the {name}", images.Count, "images");
        EvaluationResult result = DetectorEvaluation.Run(
            trained.Compiled.Detect, images, LoaderBuilder.Evaluation(trained.Recipe, images).Epoch(0), trained.Device,
                trained.Detector.Coding.Form, new CountedProgress(progress).Report);
        return new DemoDetector(name, checkpoint, result, trained.Detector.NamedParameters().Sum(p => p.Tensor.Count), training);
    }

    private static IDetectionDataset Validation(Recipe recipe) =>
        RecipeDatasets.OpenForMeasuring(recipe.Data, recipe.Data.Val!, SyntheticDataset.ClassNames);
}

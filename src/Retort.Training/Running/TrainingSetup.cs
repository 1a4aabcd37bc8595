using Retort.Core;
using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Torch;
using Retort.Torch.Modules;
using Retort.Torch.Optimizers;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Evaluating;
using Retort.Training.Schedules;
using Retort.Training.Weights;
using Retort.Vision.Data;
using Retort.Vision.Loading;

namespace Retort.Training.Running;

/// <summary>Everything that a recipe names, put together: what the training loop needs.</summary>
public sealed class TrainingSetup : IDisposable
{
    private readonly UnreadablePictures _unreadable;
    private readonly ImageIssueWarnings? _issues;

    private TrainingSetup(Recipe recipe, Device device, IDetectionDataset trainingData, DenseDetector detector, LearningRateRule rule,
        WeightsStore weights, Action<string>? warn)
    {
        (Recipe, Device, TrainingData, Detector, Rule) = (recipe, device, trainingData, detector, rule);
        EvaluationData = recipe.Data.Val is { } val ? RecipeDatasets.OpenForMeasuring(recipe.Data, val, ClassNames, warn) : null;
        Warn = warn;
        _unreadable = new UnreadablePictures(warn);
        _issues = warn is null ? null : new ImageIssueWarnings(warn);
        TrainingLoader = LoaderBuilder.Training(recipe, trainingData, _unreadable.Add, _issues);
        if (TrainingLoader.Summary.SmallObjects(recipe.Loader.MinimumObjectSide) is { } small)
        {
            warn?.Invoke(small);
        }

        LearningRate = new LearningRateSchedule(rule.LearningRate, recipe.Schedule,
            (long)recipe.Schedule.Epochs * TrainingLoader.BatchesPerEpoch);

        // Last, what owns native memory: when something before is refused, only the detector is to be freed.
        Teaching = recipe.Teacher is null ? null : TeachingBuilder.Build(recipe, detector, ClassNames, device, weights);
        try
        {
            Optimizer = OptimizerBuilder.Build(recipe.Optimizer, detector, rule.LearningRate, Teaching?.Distiller);
        }
        catch
        {
            Teaching?.Dispose();
            throw;
        }

        Average = recipe.Ema.Enabled ? new ExponentialMovingAverage(detector, recipe.Ema.Decay) : null;
        Step = new TrainingStep(detector, Teaching, Optimizer, recipe.Optimizer.GradientClip, device, Average);
    }

    /// <summary>What the run was made from.</summary>
    public Recipe Recipe { get; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>The images to learn from.</summary>
    public IDetectionDataset TrainingData { get; }

    /// <summary>The images to measure with, where the recipe names some.</summary>
    public IDetectionDataset? EvaluationData { get; }

    /// <summary>Names of the network's classes in order.</summary>
    public IReadOnlyList<string> ClassNames => TrainingData.ClassNames;

    /// <summary>The network in training: the student, where there is a teacher.</summary>
    public DenseDetector Detector { get; }

    /// <summary>The teacher and what is taken from it, where the recipe names one.</summary>
    public TeachingPair? Teaching { get; }

    /// <summary>How the base learning rate came about.</summary>
    public LearningRateRule Rule { get; }

    /// <summary>The rule that turns gradients into steps.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The learning rate of every step.</summary>
    public LearningRateSchedule LearningRate { get; }

    /// <summary>The moving average of the weights, where the recipe keeps one.</summary>
    public ExponentialMovingAverage? Average { get; }

    /// <summary>Batches of the training data.</summary>
    public DataLoader TrainingLoader { get; }

    /// <summary>One step of training.</summary>
    public TrainingStep Step { get; }

    /// <summary>Receives what goes wrong without ending the run, one line each; null where nobody listens.</summary>
    internal Action<string>? Warn { get; }

    /// <summary>Puts together what a recipe names.</summary>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="weights">Finds weights that the recipe names instead of their path; null for a recipe that names files only.</param>
    /// <param name="warn">Told what was repaired or left out while reading, and what is hardly meant, a line each.</param>
    /// <exception cref="RetortException">A file is missing or cannot be read.</exception>
    /// <exception cref="RetortException">A checkpoint does not fit the network, or teacher and student disagree.</exception>
    /// <exception cref="RecipeException">A part of the network would keep random values.</exception>
    public static TrainingSetup Build(Recipe recipe, WeightsStore? weights = null, Action<string>? warn = null)
    {
        weights ??= WeightsStore.FilesOnly;
        UntrainedBackbone.Refuse(recipe.Model);
        recipe = TeachingBuilder.WithModel(recipe, weights);
        Device device = RuntimeSettings.Apply(recipe);
        Runtime.Seed(recipe.Seed);
        IDetectionDataset data = RecipeDatasets.Open(recipe.Data, recipe.Data.Train, warn: warn);
        foreach (string warning in new[] { ScheduleAdvice.Warning(recipe.Schedule),
            DistillationWords.Warning(recipe, data.ClassNames.Count) }.OfType<string>())
        {
            warn?.Invoke(warning);
        }

        DenseDetector detector = DetectorBuilder.Build(recipe.Model, data.ClassNames.Count);
        try
        {
            DetectorWeights.LoadInitial(detector, recipe.Model, weights, warn);
            detector.To(device);
            return new TrainingSetup(recipe, device, data, detector, LearningRateRule.For(recipe), weights, warn);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Measures the network (its average, where one is kept) on the evaluation data.</summary>
    /// <param name="progress">Told how many images are done.</param>
    /// <exception cref="InvalidOperationException">The recipe names no evaluation data.</exception>
    public EvaluationResult Evaluate(Action<int>? progress = null)
    {
        IDetectionDataset data = EvaluationData ?? throw new InvalidOperationException("the recipe names no data to measure with");
        Average?.Swap();
        Detector.Evaluate();
        try
        {
            using var compiled = new CompiledDetector(Detector);
            return DetectorEvaluation.Run(
                compiled.Detect, data, LoaderBuilder.Evaluation(Recipe, data, _unreadable.Add, _issues).Epoch(0), Device,
                Detector.Coding.Form, progress, Recipe.Evaluation.Protocol);
        }
        finally
        {
            Detector.Train();
            Average?.Swap();
        }
    }

    /// <summary>Frees network, teacher and optimizer.</summary>
    public void Dispose()
    {
        Teaching?.Dispose();
        Average?.Dispose();
        Optimizer.Dispose();
        Detector.Dispose();
    }
}

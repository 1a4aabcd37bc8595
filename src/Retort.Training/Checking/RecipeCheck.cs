using Retort.Core;
using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Distillation;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Recipes.Reading;
using Retort.Torch;
using Retort.Torch.Optimizers;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Running;
using Retort.Training.Schedules;
using Retort.Training.Weights;
using Retort.Vision.Data;
using Retort.Vision.Loading;
using Retort.Vision.Synthesis;
using Retort.Vision.Transforms;

namespace Retort.Training.Checking;

/// <summary>
/// Finds out whether recipes work without their data and weights: each is put together and makes one step of training on two small drawn
/// images, with random weights, on the CPU. Networks that follow one another and are alike are built once.
/// </summary>
public sealed class RecipeCheck : IDisposable
{
    private const int ImageSide = 128;
    private readonly string _folder = Directory.CreateTempSubdirectory("retort-check-").FullName;
    private Shared? _student;
    private Shared? _teacher;

    /// <summary>An order in which recipes with the same networks follow one another.</summary>
    /// <param name="recipes">Recipes by any key.</param>
    public static IReadOnlyList<KeyValuePair<string, Recipe>> InOrder(IEnumerable<KeyValuePair<string, Recipe>> recipes) =>
        [.. recipes.OrderBy(r => r.Value.Teacher is { } teacher ? (teacher.Model is { } model ? Key(model) : teacher.Weights)
            : "", StringComparer.Ordinal).ThenBy(r => Key(r.Value.Model), StringComparer.Ordinal)];

    /// <summary>Makes one step of training as a recipe says.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <returns>The values of its losses, all finite.</returns>
    /// <exception cref="RetortException">The recipe cannot be put together, or a loss is not finite.</exception>
    public StepValues Run(Recipe recipe)
    {
        RequireKnown("model.weights", recipe.Model.Weights);
        RequireKnown("model.backbone.weights", recipe.Model.Backbone.Weights);
        RequireKnown("teacher.weights", recipe.Teacher?.Weights);
        recipe = Small(TeachingBuilder.WithModel(recipe, WeightsStore.FilesOnly));
        Device device = RuntimeSettings.Apply(recipe);
        Runtime.Seed(recipe.Seed);
        IDetectionDataset data = RecipeDatasets.Open(recipe.Data, recipe.Data.Train);
        DenseDetector student = Take(ref _student, recipe.Model, data.ClassNames.Count, teaches: false).Detector;
        Shared? teacher = recipe.Teacher is { } options ? Take(ref _teacher, options.Model!, data.ClassNames.Count, teaches: true) : null;
        using Distiller? distiller = teacher is null ? null : TeachingBuilder.Distiller(recipe, student, teacher.Detector, device);
        TeachingPair? teaching = teacher is null ? null
            : new TeachingPair(teacher.Detector, teacher.Compiled(TeachingBuilder.WantsFeatures(recipe)), distiller!);
        double rate = LearningRateRule.For(recipe).LearningRate;
        using Optimizer optimizer = OptimizerBuilder.Build(recipe.Optimizer, student, rate, distiller);
        using ImageBatch batch = LoaderBuilder.Training(recipe, data).Epoch(0).First();
        var step = new TrainingStep(student, teaching, optimizer, recipe.Optimizer.GradientClip, device);
        StepValues values = step.Run(batch, new LearningRateSchedule(rate, recipe.Schedule).RateAt(0, 0));
        return values.IsFinite
            ? values
            : throw new RetortException($"a loss is not finite: {string.Join(", ", values.Terms.Select(t => $"{t.Key} {t.Value}"))}; "
                + $"gradient {values.GradientNorm}");
    }

    /// <summary>Frees the networks and removes the images.</summary>
    public void Dispose()
    {
        _student?.Dispose();
        _teacher?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Nothing is downloaded, and a path may be of another machine; but a name must be one that is known.
    private static void RequireKnown(string key, string? weights)
    {
        if (weights is null || !PublishedWeights.IsName(weights))
        {
            return;
        }

        try
        {
            PublishedWeights.Find(weights);
        }
        catch (WeightsException e)
        {
            throw new RetortException($"'{key}': {e.Message}", e);
        }
    }

    private static string Key(DetectorOptions model) =>
        RecipeWriter.Write(model with { Weights = null, Backbone = model.Backbone with { Weights = null } });

    private static Shared Take(ref Shared? last, DetectorOptions model, int classes, bool teaches)
    {
        string key = Key(model);
        if (last?.Key != key)
        {
            last?.Dispose();
            last = null;
            last = new Shared(key, DetectorBuilder.Build(model, classes), teaches);
        }

        return last;
    }

    // Drawn when the first recipe wants them.
    private DataOptions DrawnData(DataOptions data, bool rotated)
    {
        string folder = Path.Combine(_folder, rotated ? "rotated" : "upright");
        if (!Directory.Exists(folder))
        {
            SyntheticDataset.Generate(
                new SyntheticOptions
                {
                    TrainImages = 2,
                    ValidationImages = 1,
                    Width = ImageSide,
                    Height = ImageSide,
                    MinObjects = 4,
                    MinSize = 0.25f,
                    Rotated = rotated
                }, folder);
        }

        return data with
        {
            Format = rotated ? DataFormat.Dota : DataFormat.Coco,
            Root = folder,
            Train = new DatasetOptions
            {
                Annotations = rotated ? "labelTxt/train"
                : "annotations/instances_train.json",
                Images = "images/train"
            },
            Val = null,
            Classes = rotated ? SyntheticDataset.RotatedClassNames : [],
        };
    }

    /// <summary>The recipe on the drawn images, with all its sizes in proportion.</summary>
    private Recipe Small(Recipe recipe)
    {
        double factor = (double)ImageSide / recipe.Input.Scales.Max(scale => Math.Max(scale.Width, scale.Height));
        int Side(int side) => Math.Max(ImageSide / 2, (int)(side * factor));
        return recipe with
        {
            Data = DrawnData(recipe.Data, recipe.Model.IsRotated),
            Input = recipe.Input with
            {
                Scales = [.. recipe.Input.Scales.Select(s => new ImageSize(Side(s.Width), Side(s.Height)))],
                EvaluationScale = null
            },
            Loader = recipe.Loader with { BatchSize = 2, Workers = 1, Prefetch = 1 },
            Device = DeviceKind.Cpu,

            // Images of this size are done before threads have met.
            Threads = 1,
        };
    }

    /// <summary>A network that recipes in a row have in common.</summary>
    private sealed class Shared : IDisposable
    {
        private readonly Dictionary<bool, CompiledDetector> _compiled = [];

        public Shared(string key, DenseDetector detector, bool teaches)
        {
            (Key, Detector) = (key, detector);
            if (teaches)
            {
                detector.Evaluate();
                detector.SetRequiresGrad(false);
            }
            else
            {
                detector.Train();
            }
        }

        public string Key { get; }

        public DenseDetector Detector { get; }

        public CompiledDetector Compiled(bool withFeatures) =>
            _compiled.TryGetValue(withFeatures, out CompiledDetector? known) ? known
                : _compiled[withFeatures] = new CompiledDetector(Detector, withFeatures);

        public void Dispose()
        {
            foreach (CompiledDetector compiled in _compiled.Values)
            {
                compiled.Dispose();
            }

            Detector.Dispose();
        }
    }
}

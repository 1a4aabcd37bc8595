using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Detection.Heads;
using Retort.Distillation;
using Retort.Torch;
using Retort.Recipes;
using Retort.Training.Tests.Recipes;

namespace Retort.Training.Tests.Building;

/// <summary>Base recipes as detectors and as terms.</summary>
public sealed class DetectorBuilderTests : TensorTest
{
    private const int Classes = 3;
    private readonly RecipeFolder _folder = new();

    public static TheoryData<string> Models => [.. Bases("detector:")];

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_base_of_a_model_predicts_assigns_and_has_losses(string name)
    {
        using DenseDetector detector =
            DetectorBuilder.Build(Load(name, "model.backbone.depth=18", "model.backbone.width=0.125").Model, Classes).OnTestDevice();
        detector.Train();
        DenseOutput output = detector.Forward(TestTensor.RandomNormal([1, 3, 96, 128]));
        ImageTargets[] targets = [new ImageTargets(96, 128, 96, 128, Boxes.Upright(20, 20, 70, 80, 60, 10, 120, 60), [0, 2])];
        BatchAssignment assignment = detector.Assigner.Assign([.. output.Levels.Select(l => (l.Height, l.Width))], targets,
            TestDevice.Current);
        IReadOnlyList<LossTerm> terms = detector.Losses(output, assignment);
        Assert.All(terms, term => Assert.True(term.Value.Item() > 0, term.Name));
        terms.Select(t => t.Value).Aggregate((a, b) => a + b).Backward();
        Assert.All(detector.NamedParameters().Where(p => p.Tensor.RequiresGrad), p => Assert.NotNull(p.Tensor.Grad));
        IReadOnlyList<Detections> found = detector.Detect(output, [new ImagePlacement(96, 128)]);
        Assert.All(found.SelectMany(f => f.Labels), label => Assert.InRange(label, 0, Classes - 1));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 4)]
    public void Both_layouts_of_class_channels_can_be_had_and_background_is_never_detected(bool background, int channels)
    {
        Recipe recipe = Load(
            "gflv2", $"model.head.backgroundChannel={(background ? "true" : "false")}", "model.backbone.depth=18",
                "model.backbone.width=0.125", "model.postProcessing.scoreThreshold=0");
        using DenseDetector detector = DetectorBuilder.Build(recipe.Model, Classes).OnTestDevice();
        detector.Evaluate();
        using var noGrad = new NoGradScope();
        DenseOutput output = detector.Forward(TestTensor.RandomNormal([1, 3, 64, 64]));
        Assert.All(output.Levels, level => Assert.Equal(channels, level.ScoreMap.Size(1)));
        Assert.Equal([0, 1, 2], detector.Detect(output, [new ImagePlacement(64, 64)])[0].Labels.Distinct().Order());
    }

    [Fact]
    public void The_normalisation_of_the_towers_is_the_recipes()
    {
        using DenseDetector detector =
            DetectorBuilder.Build(Load("gfl", "model.head.norm=batch", "model.backbone.depth=18").Model, Classes).OnTestDevice();
        Assert.Contains(detector.Head.NamedState(), s => s.Name == "cls_convs.0.bn.running_mean");
        Assert.Equal(Detection.Layers.NormalizationKind.Batch, Assert.IsType<DistributionHead>(detector.Head).Options.Norm);
    }

    [Fact]
    public void Reference_distillation_of_ATSS_divides_nothing()
    {
        IReadOnlyList<DistillationTerm> terms = Load("ld_reference_atss", Taught).Distillation;
        Assert.Equal([(0.25, Normalisation.Sum), (0.25 * 0.15, Normalisation.Sum)], terms.Take(2).Select(t => (t.Weight, t.Normalisation)));
        Assert.Equal((10, 2, Normalisation.Reference), (terms[2].Weight, terms[2].Temperature, terms[2].Normalisation));
    }

    [Fact]
    public void Reference_distillation_of_GFLv2_imitates_features_beside_that_of_GFL()
    {
        IReadOnlyList<DistillationTerm> plain = Load("ld_reference", Taught).Distillation, terms =
            Load("ld_reference_gflv2", Taught).Distillation;
        Assert.Equal(plain, terms.SkipLast(1));
        Assert.Equal((Region.GeneralInstances, InstanceScores.Reference, 2), (terms[^1].Region, terms[^1].Instances, terms[^1].Weight));
    }

    private static string[] Taught => ["teacher={model: {}, weights: w}"];

    private static IEnumerable<string> Bases(string text) => Directory.GetFiles(Path.Combine(Repository.Root, "recipes", "_base"), "*.yaml")
        .Where(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal))
        .Select(file => Path.GetFileNameWithoutExtension(file))
        .Order(StringComparer.Ordinal);

    private Recipe Load(string name, params string[] overrides)
    {
        string file = Path.Combine(Repository.Root, "recipes", "_base", name + ".yaml");
        _folder.Write("minimal.yaml", RecipeFolder.Minimal);
        return Recipe.Load(_folder.Write("built.yaml", $"include: [minimal.yaml, '{file}']\n"), overrides);
    }
}

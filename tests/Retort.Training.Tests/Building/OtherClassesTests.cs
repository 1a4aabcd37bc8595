using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Recipes;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Building;
using Retort.Training.Weights;

namespace Retort.Training.Tests.Building;

/// <summary>Training that starts from a detector of other classes.</summary>
public sealed class OtherClassesTests : TensorTest
{
    private const string ClassLayer = "bbox_head.gfl_cls.";
    private readonly string _folder = Directory.CreateTempSubdirectory("retort-classes-").FullName;

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("student.")]
    public void Everything_but_the_class_layer_is_taken_and_a_line_says_so(string prefix)
    {
        (Dictionary<string, float[]> source, Dictionary<string, float[]> loaded, List<string> warnings) = Load(prefix, []);
        Assert.Equal(source.Keys, loaded.Keys);
        Assert.All(source.Keys.Where(name => !name.StartsWith(ClassLayer, StringComparison.Ordinal)),
            name => Assert.Equal(source[name], loaded[name]));
        Assert.Equal(5, loaded[ClassLayer + "bias"].Length);
        string warning = Assert.Single(warnings);
        Assert.Contains("a detector of other classes", warning);
        Assert.Contains(ClassLayer + "weight", warning);
    }

    [Fact]
    public void A_detector_that_differs_elsewhere_too_is_refused() =>
        Assert.Contains("bbox_head.gfl_reg.weight", Assert.Throws<CheckpointException>(() => Load("", ["model.head.regMax=4"])).Message);

    private (Dictionary<string, float[]> Source, Dictionary<string, float[]> Loaded, List<string> Warnings) Load(
        string prefix, string[] overrides)
    {
        string recipe = Path.Combine(Repository.Root, "recipes", "demo", "student.yaml"), file = Path.Combine(_folder, "start.pth");
        using DenseDetector source = DetectorBuilder.Build(Recipe.Load(recipe, []).Model, 3);
        IEnumerable<KeyValuePair<string, StoredTensor>> state = source.SaveState();
        TorchFile.Write(file, new CheckpointDictionary
        {
            ["state_dict"] = new StateDict(
            state.Select(entry => KeyValuePair.Create(prefix + entry.Key, entry.Value))).ToValue()
        });
        DetectorOptions model = Recipe.Load(recipe, overrides).Model with { Weights = file };
        using DenseDetector target = DetectorBuilder.Build(model, 5);
        var warnings = new List<string>();
        DetectorWeights.LoadInitial(target, model, WeightsStore.FilesOnly, warnings.Add);
        return (Values(source), Values(target), warnings);
    }

    private static Dictionary<string, float[]> Values(Module module) =>
        module.NamedState().ToDictionary(entry => entry.Name, entry => entry.Tensor.ToArray<float>());
}

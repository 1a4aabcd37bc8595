using Google.Protobuf;
using Onnx;
using Retort.Detection.Backbones;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Training.Weights;

namespace Retort.Training.Tests.Weights;

public sealed class WeightsPackageTests : LeakCheckedTest
{
    private const double Tolerance = 1e-4;
    private readonly string _folder = Directory.CreateTempSubdirectory("retort-package-tests-").FullName;

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Category", Golden.Category)]
    public void The_backbone_of_the_package_gives_the_golden_maps()
    {
        SafetensorsFile golden = Golden.Read("net_nuget_resnet18");
        string path = ResolveOrSkip("nuget://resnet18");
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        using var backbone = new ResNet(new ResNetOptions { Depth = 18 });
        BackboneWeights.Load(backbone, path);
        backbone.Evaluate();
        float[] mean = [.. golden.Metadata["mean_bgr"].Split(' ').Select(
            number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        Tensor pixels = Tensor.From(golden.Tensors["bgr_pixels"]);
        IReadOnlyList<Tensor> maps = backbone.Forward([pixels - Tensor.From(mean, 1, 3, 1, 1)]);
        for (int k = 0; k < maps.Count; k++)
        {
            Near.Equal(golden.Tensors[$"c{k + 2}"], maps[k], Tolerance);
        }
    }

    [Fact]
    public void The_full_name_and_the_short_one_are_the_same_weights()
    {
        Assert.Same(WeightsPackage.ResNet18, WeightsPackage.Find("nuget://resnet18"));
        Assert.Same(WeightsPackage.ResNet18, WeightsPackage.Find("nuget://Microsoft.ML.DnnImageFeaturizer.ResNet18"));
        Assert.Null(WeightsPackage.Find("torchvision://resnet18"));
    }

    [Fact]
    public void Another_package_is_refused_with_the_one_that_there_is() =>
        Assert.Contains("nuget://resnet18", Assert.Throws<WeightsException>(
            () => WeightsPackage.Find("nuget://Some.Other.Package")).Message);

    [Fact]
    public void A_package_that_no_feed_has_is_refused_with_a_remedy()
    {
        WeightsException e = Assert.Throws<WeightsException>(() => PackageRestore.Folder("Retort.No.Such.Package", "0.0.1"));
        Assert.Contains("Retort.No.Such.Package 0.0.1", e.Message);
        Assert.Contains("own-data/student_scratch", e.Message);
    }

    [Fact]
    public void Without_downloads_the_message_names_the_file()
    {
        var store = new WeightsStore(_folder) { MayDownload = false };
        Assert.Contains(WeightsPackage.ResNet18.File.Name, Assert.Throws<WeightsException>(
            () => store.Resolve("nuget://resnet18")).Message);
    }

    [Fact]
    public void A_converted_file_with_another_hash_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, WeightsPackage.ResNet18.File.Name), "something else");
        var store = new WeightsStore(_folder);
        Assert.Contains("SHA-256", Assert.Throws<WeightsException>(() => store.Resolve("nuget://resnet18")).Message);
    }

    [Fact]
    public void A_file_that_is_no_ONNX_file_is_refused()
    {
        string path = Path.Combine(_folder, "broken.onnx");
        File.WriteAllText(path, "this is not a graph");
        Assert.Contains(path, Assert.Throws<WeightsException>(() => OnnxResidualNetwork.Read(path, [1])).Message);
    }

    [Fact]
    public void A_graph_without_normalisation_is_refused()
    {
        string path = Path.Combine(_folder, "plain.onnx");
        var graph = new GraphProto();
        graph.Initializer.Add(new TensorProto
        {
            Name = "w",
            Dims = { 4, 3, 7, 7 },
            RawData = ByteString.CopyFrom(new byte[4 * 3 * 49 * sizeof(float)])
        });
        graph.Node.Add(new NodeProto { OpType = "Conv", Input = { "x", "w" }, Output = { "y" } });
        File.WriteAllBytes(path, new ModelProto { Graph = graph }.ToByteArray());
        Assert.Contains("batch normalisation", Assert.Throws<WeightsException>(() => OnnxResidualNetwork.Read(path, [1])).Message);
    }

    // The package is some 60 MB from a feed, which a machine may not reach.
    private string ResolveOrSkip(string name)
    {
        try
        {
            return new WeightsStore(_folder).Resolve(name);
        }
        catch (WeightsException e) when (e.Message.Contains("could not be restored", StringComparison.Ordinal))
        {
            Assert.Skip("needs the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18, which no feed of this machine has");
            throw;
        }
    }
}

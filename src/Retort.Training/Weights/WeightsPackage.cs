using Retort.Torch.Checkpoints;

namespace Retort.Training.Weights;

/// <summary>Pretrained weights that a NuGet package carries as an ONNX file.</summary>
/// <param name="Name">What a recipe writes, such as <c>nuget://Microsoft.ML.DnnImageFeaturizer.ResNet18</c>.</param>
/// <param name="Id">The package's id.</param>
/// <param name="Version">The one version that is taken.</param>
/// <param name="Onnx">The ONNX file, relative to the package's folder, with forward slashes.</param>
/// <param name="Sha256">The hash of that file, lower case.</param>
/// <param name="Blocks">Residual blocks of each of the four stages that are read; blocks beyond these are left out.</param>
/// <param name="Converted">The file that the weights are kept in: a safetensors file whose name ends with the first digits of its
/// SHA-256.</param>
internal sealed record WeightsPackage(
    string Name, string Id, string Version, string Onnx, string Sha256, IReadOnlyList<int> Blocks, string Converted)
{
    private const string Scheme = "nuget://";

    /// <summary>
    /// ResNet-18 of ImageNet, trained with CNTK and published under the MIT licence. Its last stage has a third block, which no ResNet-18
    /// has and which is left out: C5 is the map before it.
    /// </summary>
    public static WeightsPackage ResNet18 { get; } = new(
        "nuget://Microsoft.ML.DnnImageFeaturizer.ResNet18",
        "Microsoft.ML.DnnImageFeaturizer.ResNet18",
        "0.23.1",
        "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx",
        "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f",
        [2, 2, 2, 2],
        "dnn_resnet18-5a2a7c97.safetensors");

    /// <summary>The package of a name that a recipe writes, in full or short (<c>nuget://resnet18</c>).</summary>
    /// <exception cref="WeightsException">It begins with <c>nuget://</c> and is not known.</exception>
    public static WeightsPackage? Find(string weights) =>
        !weights.StartsWith(Scheme, StringComparison.Ordinal) ? null
        : weights is "nuget://resnet18" || weights == ResNet18.Name ? ResNet18
        : throw new WeightsException($"{weights}: weights are read from one NuGet package only, {ResNet18.Name} (short: nuget://resnet18)");

    /// <summary>The converted weights as a file with a hash in its name.</summary>
    public PublishedFile File => new(new Uri(Scheme + Id + "/" + Converted));

    /// <summary>Restores the package, checks the ONNX file and writes the converted weights.</summary>
    /// <param name="path">Where to write them; the folder exists.</param>
    /// <exception cref="WeightsException">The package cannot be restored, or holds another file.</exception>
    public void Convert(string path)
    {
        string onnx = Path.Combine(PackageRestore.Folder(Id, Version), Onnx);
        string hash = WeightsStore.HashOf(onnx);
        if (hash != Sha256)
        {
            throw new WeightsException(
                $"{onnx}: the content has the SHA-256 {hash}, but that of {Id} {Version} has {Sha256}: it is damaged or another one; "
                + "delete the package's folder, so that it is restored anew");
        }

        StateDict state = OnnxResidualNetwork.Read(onnx, Blocks);
        SafetensorsFile.Write(path, state, new Dictionary<string, string> { ["source"] = $"{Id} {Version}", ["license"] = "MIT" });
        WeightsStore.RequireHash(File, WeightsStore.HashOf(path), $"{path}: ",
            "report this as a bug: the conversion no longer gives the bytes that it gave");
    }
}

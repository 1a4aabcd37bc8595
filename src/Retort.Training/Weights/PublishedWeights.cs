using Retort.Recipes.Reading;

namespace Retort.Training.Weights;

/// <summary>Names of pretrained weights as the recipes of the field write them, and the files that they stand for.</summary>
public static class PublishedWeights
{
    private const string Torchvision = "https://download.pytorch.org/models/";
    private const string OpenMmlab = "https://download.openmmlab.com/pretrain/third_party/";

    // The first file of each name is the one of the paper's time, which is downloaded; a cache may hold a later one with the same values.
    private static readonly Dictionary<string, PublishedFile[]> Table = new(StringComparer.Ordinal)
    {
        ["torchvision://resnet18"] = Files(Torchvision, "resnet18-5c106cde.pth", "resnet18-f37072fd.pth"),
        ["torchvision://resnet34"] = Files(Torchvision, "resnet34-333f7ec4.pth", "resnet34-b627a593.pth"),
        ["torchvision://resnet50"] = Files(Torchvision, "resnet50-19c8e357.pth", "resnet50-0676ba61.pth"),
        ["torchvision://resnet101"] = Files(Torchvision, "resnet101-5d3b4d8f.pth", "resnet101-63fe2227.pth"),
        ["open-mmlab://resnext50_32x4d"] = Files(OpenMmlab, "resnext50-32x4d-0ab1a123.pth"),
        ["open-mmlab://resnext101_32x4d"] = Files(OpenMmlab, "resnext101_32x4d-a5af3160.pth"),
        ["open-mmlab://res2net101_v1d_26w_4s"] = Files(OpenMmlab, "res2net101_v1d_26w_4s_mmdetv2-f0a600f9.pth"),
        ["open-mmlab://detectron/resnet50_caffe"] = Files(OpenMmlab, "resnet50_caffe-788b5fa3.pth"),
        ["open-mmlab://detectron/resnet101_caffe"] = Files(OpenMmlab, "resnet101_caffe-3ad79236.pth"),
        ["open-mmlab://detectron2/resnet50_caffe"] = Files(OpenMmlab, "resnet50_msra-5891d200.pth"),
        ["open-mmlab://detectron2/resnet101_caffe"] = Files(OpenMmlab, "resnet101_msra-6cc46731.pth"),
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => Table.Keys;

    /// <summary>Whether text is a name or an address, and not the path of a file.</summary>
    public static bool IsName(string text) => text.Contains("://", StringComparison.Ordinal);

    /// <summary>
    /// The files of a name, the one to download first; or the file of an <c>https</c> address whose file name carries a hash.
    /// </summary>
    /// <exception cref="WeightsException">The name is not known, or the address cannot be checked.</exception>
    public static IReadOnlyList<PublishedFile> Find(string name)
    {
        if (Table.TryGetValue(name, out PublishedFile[]? files))
        {
            return files;
        }

        if (!Uri.TryCreate(name, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            throw new WeightsException($"{name}: no published weights have this name{Spelling.Hint(name, [.. Names])}");
        }

        var file = new PublishedFile(address);
        return address.Scheme == "https" && file.HashPrefix.Length > 0
            ? [file]
            : throw new WeightsException(
                $"{name}: an address of weights must begin with https:// and its file name must end with the first 8 digits of the SHA-256 "
                + "(such as resnet50-19c8e357.pth), so that what arrives can be checked; otherwise download the file and name its path");
    }

    private static PublishedFile[] Files(string folder, params string[] names) =>
        [.. names.Select(name => new PublishedFile(new Uri(folder + name)))];
}

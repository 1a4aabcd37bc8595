using System.Text.RegularExpressions;
using Retort.Detection.Backbones;

namespace Retort.Detection.Tests.Networks;

/// <summary>
/// Backbones by the names in the golden files: <c>r50</c>, <c>x101_32x4d</c>, <c>r2n101_26w_4s</c>, each also with <c>_caffe</c>,
/// <c>_dcnv1_c3c5</c> or <c>_dcnv2_c4c5</c>.
/// </summary>
internal static partial class TestBackbones
{
    /// <summary>Builds one.</summary>
    /// <param name="name">Its name, behind any prefix.</param>
    /// <param name="width">Factor on its channels.</param>
    public static ResNet Build(string name, double width = 1)
    {
        Match match = Pattern().Match(name);
        Assert.True(match.Success, name);
        BackboneOptions options = match.Groups["family"].Value switch
        {
            "x" => new ResNeXtOptions { Groups = 32, BaseWidth = 4 },
            "r2n" => new Res2NetOptions { Scales = 4, BaseWidth = 26 },
            _ => new ResNetOptions(),
        };
        return new ResNet(options with
        {
            Depth = int.Parse(match.Groups["depth"].Value),
            Width = width,
            Style = match.Groups["caffe"].Success ? ResNetStyle.Caffe : ResNetStyle.Pytorch,
            Deformable = match.Groups["version"].Success ? Deformable(match) : null,
        });
    }

    private static DeformableOptions Deformable(Match match)
    {
        (int first, int last) = (int.Parse(match.Groups["first"].Value), int.Parse(match.Groups["last"].Value));
        return new DeformableOptions
        {
            Version = int.Parse(match.Groups["version"].Value),
            Stages = [.. Enumerable.Range(first - 1, last - first + 1)]
        };
    }

    [GeneratedRegex(
        @"(^|_)(?<family>r2n|r|x)(?<depth>\d+)(_32x4d|_26w_4s)?(?<caffe>_caffe)?(_dcnv(?<version>\d)_c(?<first>\d)c(?<last>\d))?$")]
    private static partial Regex Pattern();
}

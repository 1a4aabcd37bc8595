using System.Security.Cryptography;
using Retort.Core;
using Retort.Core.Files;
using Retort.Core.Progress;

namespace Retort.Training.Weights;

/// <summary>
/// Finds files of weights: a path is taken as it is; a name of <see cref="PublishedWeights"/> is looked for in a local folder under its
/// published file name, then downloaded there. What the name's hash does not fit is refused.
/// </summary>
public sealed class WeightsStore
{
    private readonly IProgressReporter _progress;

    /// <summary>Makes a store.</summary>
    /// <param name="folder">Where downloaded files are kept; made when needed.</param>
    /// <param name="progress">Shows how far a download is; null to show nothing.</param>
    public WeightsStore(string folder, IProgressReporter? progress = null) =>
        (Folder, _progress) = (folder, progress ?? NoProgress.Instance);

    /// <summary>For programs that name weights by their path alone: it holds no published ones.</summary>
    public static WeightsStore FilesOnly { get; } = new("")
    {
        Published = name => throw new WeightsException(
            $"{name}: this program has no folder for published weights; name a file by its path, or hand a WeightsStore in"),
    };

    /// <summary>Where downloaded files are kept.</summary>
    public string Folder { get; }

    /// <summary>Whether what is missing may be downloaded.</summary>
    public bool MayDownload { get; init; } = true;

    /// <summary>How to download.</summary>
    public WeightsDownload Download { get; init; } = new();

    /// <summary>The published files of a name; by default <see cref="PublishedWeights.Find"/>.</summary>
    public Func<string, IReadOnlyList<PublishedFile>> Published { get; init; } = PublishedWeights.Find;

    /// <summary>The path of a file with these weights.</summary>
    /// <param name="weights">A path, a name or an https address.</param>
    /// <exception cref="WeightsException">The weights are not known, not to be had, or not what was published.</exception>
    public string Resolve(string weights)
    {
        if (!PublishedWeights.IsName(weights))
        {
            return weights;
        }

        WeightsPackage? package = WeightsPackage.Find(weights);
        IReadOnlyList<PublishedFile> files = package is null ? Published(weights) : [package.File];
        if (files.FirstOrDefault(file => File.Exists(PathOf(file))) is { } cached)
        {
            RequireHash(cached, HashOf(PathOf(cached)), $"{PathOf(cached)}: ",
                "delete it, so that it is downloaded anew, or name it by its path if it is meant to differ");
            return PathOf(cached);
        }

        PublishedFile wanted = files[0];
        if (!MayDownload)
        {
            throw new WeightsException(
                $"{weights}: the file {wanted.Name} is not in {Folder}, and RETORT_OFFLINE forbids downloads; {Remedy(wanted)}");
        }

        try
        {
            UserFiles.CreateFolder(Folder);
            if (package is not null)
            {
                package.Convert(PathOf(wanted));
                return PathOf(wanted);
            }

            Download.Fetch(wanted, PathOf(wanted), _progress);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or RetortException)
        {
            string reason = e is OperationCanceledException ? $"the server was silent for {Download.Silence.TotalSeconds:0.#} s"
                : e.Message;
            throw new WeightsException(
                $"{weights}: the file {wanted.Name} is not in {Folder} and could not be downloaded ({reason}); {Remedy(wanted)}", e);
        }

        return PathOf(wanted);
    }

    internal static void RequireHash(PublishedFile file, string hash, string place, string remedy)
    {
        if (!hash.StartsWith(file.HashPrefix, StringComparison.Ordinal))
        {
            throw new WeightsException($"{place}the content has the SHA-256 {hash}, the published file's begins with {file.HashPrefix}: "
                + $"it is damaged or another one; {remedy}");
        }
    }

    internal static string HashOf(string path)
    {
        using Stream stream = UserFiles.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string PathOf(PublishedFile file) => Path.Combine(Folder, file.Name);

    private string Remedy(PublishedFile file) =>
        $"put it there (from {file.Address}; RETORT_WEIGHTS names another folder), or name a file by its path; own-data/student_scratch, "
            + "teacher_scratch and ld_scratch train without pretrained weights";
}

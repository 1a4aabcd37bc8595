using System.Security.Cryptography;
using Retort.Core;
using Retort.Core.Files;
using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// Finds pictures that are there twice: within a part, where they count twice, and in two parts, where a detector is measured on what it
/// was trained on. By their paths, links followed, and by their contents, of which no more is read than it takes to tell them apart: files
/// of one length only, and of these the beginning first.
/// </summary>
public static class RepeatedImages
{
    private const int BeginningBytes = 1 << 14;

    /// <summary>Looks through parts of a data set; of several equal pictures each but the first is reported, as a warning.</summary>
    /// <param name="parts">What the parts are called, and their images.</param>
    /// <param name="problems">What is found is added.</param>
    /// <param name="contents">Whether files are opened; otherwise only their paths are compared.</param>
    /// <param name="cancel">Stops between files.</param>
    public static void Find(
        IReadOnlyList<(string Name, IDetectionDataset Images)> parts, DatasetProblems problems, bool contents, CancellationToken cancel =
            default)
    {
        List<Picture> pictures = [];
        foreach ((string name, IDetectionDataset images) in parts)
        {
            for (int k = 0; k < images.Count; k++)
            {
                cancel.ThrowIfCancellationRequested();
                pictures.Add(new Picture(name, images[k].Path, Resolved(images[k].Path), pictures.Count));
            }
        }

        IGrouping<string, Picture>[] files = [.. pictures.GroupBy(p => p.File)];
        IEnumerable<Picture[]> sets = files.Where(f => f.Count() > 1).Select(f => f.ToArray());
        sets = sets.Concat(contents ? OfEqualContents([.. files.Select(f => f.First())], cancel) : []);
        foreach (Picture[] set in sets.OrderBy(s => s[0].Number).ToArray())
        {
            foreach (Picture again in set[1..])
            {
                Report(set[0], again, problems);
            }
        }
    }

    private static IEnumerable<Picture[]> OfEqualContents(Picture[] files, CancellationToken cancel)
    {
        IEnumerable<Picture[]> Divide<T>(IEnumerable<Picture[]> sets, Func<string, T?> key) => sets.SelectMany(set => set
            .Select(picture => (Picture: picture, Key: Known(picture.File, key, cancel)))
            .Where(p => p.Key is not null)
            .GroupBy(p => p.Key!, p => p.Picture)
            .Where(same => same.Count() > 1)
            .Select(same => same.ToArray()));

        IEnumerable<Picture[]> sameLength = Divide([files], file => (long?)UserFiles.Length(file));
        return Divide(Divide(sameLength, file => Hash(file, BeginningBytes)), file => Hash(file, long.MaxValue));
    }

    // What cannot be opened is reported where pictures are decoded.
    private static T? Known<T>(string file, Func<string, T?> key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            return key(file);
        }
        catch (RetortException)
        {
            return default;
        }
    }

    private static string Hash(string file, long most)
    {
        using Stream stream = UserFiles.OpenRead(file);
        if (most >= stream.Length)
        {
            return Convert.ToHexString(SHA256.HashData(stream));
        }

        byte[] beginning = new byte[most];
        stream.ReadExactly(beginning);
        return Convert.ToHexString(SHA256.HashData(beginning));
    }

    private static string Resolved(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Missing, or links in a circle: reported elsewhere.
            return Path.GetFullPath(path);
        }
    }

    private static void Report(Picture first, Picture again, DatasetProblems problems)
    {
        if (first.Part == again.Part)
        {
            problems.Warn(
                ProblemKind.RepeatedImage, again.Path, again.Part, first.Path == again.Path ? "the picture is there twice"
                    : $"the same picture as {first.Path}", "It counts twice; leave one out.");
        }
        else
        {
            problems.Warn(
                ProblemKind.RepeatedImage, again.Path, $"{first.Part} and {again.Part}", first.Path == again.Path ? "the picture is in both"
                    : $"the same picture as {first.Path}",
                "Scores on pictures that were trained on are too high; leave it out of one of the two.");
        }
    }

    private sealed record Picture(string Part, string Path, string File, int Number);
}

using System.IO.Compression;
using System.Text.RegularExpressions;
using Retort.Core;
using Retort.Core.Files;
using Retort.Evaluation.Coco;

namespace Retort.Training.Evaluating;

/// <summary>
/// Detections of a test set whose annotations are secret, as COCO's evaluation server wants them:
/// <c>detections_TESTSET_NAME_results.json</c> in COCO's results format, in a zip file of the same name.
/// </summary>
public static partial class CocoSubmission
{
    private const string ImageInfoPrefix = "image_info_";

    /// <summary>The test set that a file of images is of: <c>image_info_test-dev2017.json</c> is of <c>test-dev2017</c>.</summary>
    /// <param name="imageInfo">The file's path.</param>
    public static string TestSet(string imageInfo)
    {
        string stem = Path.GetFileNameWithoutExtension(imageInfo);
        return stem.StartsWith(ImageInfoPrefix, StringComparison.Ordinal) ? stem[ImageInfoPrefix.Length..] : stem;
    }

    /// <summary>Refuses a name that the server could not read out of the file's.</summary>
    /// <param name="name">What the submission is to be called.</param>
    /// <exception cref="RetortException">It has other characters than letters, digits, <c>-</c>, <c>.</c> and <c>_</c>.</exception>
    public static void CheckName(string name)
    {
        if (!Allowed().IsMatch(name))
        {
            throw new RetortException($"'{name}' cannot be the name of a submission: it stands in a file name that the server reads, so "
                + "give letters, digits, '-', '.' and '_' by --name");
        }
    }

    /// <summary>Writes both files; each is there completely or not at all.</summary>
    /// <param name="folder">Where they go; made as needed.</param>
    /// <param name="testSet">The test set.</param>
    /// <param name="name">What the submission is called.</param>
    /// <param name="detections">The detections, in the ids of the test set.</param>
    /// <returns>The paths of the two files.</returns>
    /// <exception cref="RetortException">A file cannot be written.</exception>
    public static (string Json, string Zip) Write(string folder, string testSet, string name, CocoDetections detections)
    {
        CheckName(name);
        UserFiles.CreateFolder(folder);
        string stem = $"detections_{testSet}_{name}_results";
        (string json, string zip) = (Path.Combine(folder, stem + ".json"), Path.Combine(folder, stem + ".zip"));
        detections.Write(json);
        AtomicFile.Write(zip, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            using Stream entry = archive.CreateEntry(Path.GetFileName(json)).Open();
            using Stream source = UserFiles.OpenRead(json);
            source.CopyTo(entry);
        });
        return (json, zip);
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]+\\z")]
    private static partial Regex Allowed();
}

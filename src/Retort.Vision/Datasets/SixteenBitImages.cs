using Retort.Core;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>
/// Images of 16 bits a sample, as infrared cameras and satellites give them: only the upper 8 are used, which leaves next to nothing of a
/// narrow range.
/// </summary>
internal static class SixteenBitImages
{
    /// <summary>Adds one warning for all such files; files that cannot be read are reported elsewhere.</summary>
    public static void Warn(IReadOnlyList<string> files, DatasetProblems problems)
    {
        string[] found = [.. files.AsParallel().AsOrdered().Where(IsOne)];
        if (found.Length > 0)
        {
            problems.Warn(
                ProblemKind.SixteenBitImages, found[0], "",
                $"the image has 16 bits a sample, of which the upper 8 are used ({found.Length} of {files.Count} images)",
                "Convert such images to 8 bits with the contrast that you want.");
        }
    }

    private static bool IsOne(string file)
    {
        try
        {
            return File.Exists(file) && ImageHeader.ReadIssues(file).HasFlag(ImageIssues.SixteenBits);
        }
        catch (RetortException)
        {
            return false;
        }
    }
}

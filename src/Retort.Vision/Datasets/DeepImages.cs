using Retort.Core;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>Images of 16 bits a sample, as infrared cameras and satellites give them: only the upper 8 are used, which of a narrow range leaves next to nothing.</summary>
internal static class DeepImages
{
    /// <summary>Adds one warning for all such files; those that cannot be read are someone else's to report.</summary>
    public static void Warn(IReadOnlyList<string> files, DatasetProblems problems)
    {
        string[] deep = [.. files.AsParallel().AsOrdered().Where(IsDeep)];
        if (deep.Length > 0)
        {
            problems.Warn(
                ProblemKind.DeepImages, deep[0], "", $"the image has 16 bits a sample, of which the upper 8 are used ({deep.Length} of {files.Count} images)",
                "Convert such images to 8 bits with the contrast that you want.");
        }
    }

    private static bool IsDeep(string file)
    {
        try
        {
            return File.Exists(file) && ImageHeader.ReadSampleBits(file) > 8;
        }
        catch (RetortException)
        {
            return false;
        }
    }
}

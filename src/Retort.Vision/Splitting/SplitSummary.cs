namespace Retort.Vision.Splitting;

/// <summary>What a split made.</summary>
/// <param name="Images">Images that were split.</param>
/// <param name="Windows">Windows of all of them.</param>
/// <param name="Written">Windows whose files were written now; the others were there from an earlier call.</param>
/// <param name="Objects">Objects of the images.</param>
/// <param name="Labels">Lines of the windows' label files: an object may be in several windows.</param>
/// <param name="Lost">Objects that are in no window.</param>
public sealed record SplitSummary(int Images, int Windows, int Written, int Objects, int Labels, int Lost);

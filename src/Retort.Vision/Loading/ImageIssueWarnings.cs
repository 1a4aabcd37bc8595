using Retort.Vision.Imaging;

namespace Retort.Vision.Loading;

/// <summary>Warns of each kind of issue that images have, once, however many images have it. Not thread-safe.</summary>
/// <param name="warn">Receives a line for each kind, with the first image that has it.</param>
public sealed class ImageIssueWarnings(Action<string> warn)
{
    private ImageIssues _known;

    /// <summary>Takes the issues of an image.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="issues">What its decoder found.</param>
    public void Add(string path, ImageIssues issues)
    {
        foreach (string sentence in (issues & ~_known).Sentences())
        {
            warn($"{path}: {sentence} (further images like it are not named)");
        }

        _known |= issues;
    }
}

namespace Retort.Vision.Imaging;

/// <summary>Peculiarities of an image file that was nevertheless read.</summary>
[Flags]
public enum ImageIssues
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The file lacks its end mark; all its pixels are there.</summary>
    MissingEnd = 1,

    /// <summary>The file has 16 bits per sample, of which the upper 8 are used: little is left of a 12-bit image.</summary>
    SixteenBits = 2,

    /// <summary>The file has several frames, of which the first is used.</summary>
    FirstFrame = 4,
}

/// <summary>Describes image issues.</summary>
public static class ImageIssueText
{
    /// <summary>One sentence with the remedy for each issue of an image, without the name of the file.</summary>
    public static IEnumerable<string> Sentences(this ImageIssues issues)
    {
        if (issues.HasFlag(ImageIssues.MissingEnd))
        {
            yield return "the file lacks its end mark but has all its pixels, and is used; fetch it again if that is a surprise";
        }

        if (issues.HasFlag(ImageIssues.SixteenBits))
        {
            yield return "the image has 16 bits a sample, of which the upper 8 are used; "
                + "convert such images to 8 bits with the contrast that you want";
        }

        if (issues.HasFlag(ImageIssues.FirstFrame))
        {
            yield return "the file has several frames, of which the first is used; save the others as images if they are wanted";
        }
    }
}

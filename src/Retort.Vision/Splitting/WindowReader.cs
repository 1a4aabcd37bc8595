using Retort.Vision.Imaging;

namespace Retort.Vision.Splitting;

/// <summary>
/// The windows of a large picture one after the other, with the pixels that <see cref="DatasetSplitter"/> would write for them.
/// </summary>
public static class WindowReader
{
    /// <summary>
    /// Cuts every window and hands it over, from the top of the picture to its bottom. Of PNG files only the rows of one height of windows
    /// are held.
    /// </summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="windows">The windows, in any order.</param>
    /// <param name="read">Takes the pixels of a window, [size, size]; beyond the picture lies the mean colour of ImageNet. It must not keep
    /// them.</param>
    /// <exception cref="ImageFormatException">The picture cannot be read.</exception>
    public static void Read(string path, IReadOnlyList<SplitWindow> windows, Action<SplitWindow, Image> read) =>
        WindowCutter.Cut(path, windows, new ParallelOptions { MaxDegreeOfParallelism = 1 }, read);
}

using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>The image of a label file, of which only the header is read: such files do not have its size.</summary>
/// <param name="Path">The file; where there is none, what it could be called.</param>
/// <param name="Size">Pixels; null where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read.</param>
internal sealed record LabelledImage(string Path, (int Width, int Height)? Size, DatasetProblem? Problem)
{
    /// <summary>Looks for an image and reads its size.</summary>
    /// <param name="folder">The folder of images.</param>
    /// <param name="name">Its name below the folder, without extension.</param>
    /// <param name="labelFile">What the error of a missing image names.</param>
    public static LabelledImage Find(string folder, string name, string labelFile)
    {
        string wanted = System.IO.Path.Combine(folder, name);
        if (ImagePaths.Find(folder, name) is not { } path)
        {
            return new LabelledImage(wanted + ".jpg", null, new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.MissingFile, labelFile, "",
                    $"there is no image {wanted} with the extension {string.Join(" or ", ImageExtensions.Read)}",
                "Add it, or remove the label file, and the name from the list where there is one."));
        }

        try
        {
            return new LabelledImage(path, ImageHeader.ReadSize(path), null);
        }
        catch (ImageFormatException e)
        {
            return new LabelledImage(path, null, new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.UnreadableImage, path, "", $"the image cannot be read: {e.Problem}",
                    "Replace the file, or remove it from the data set."));
        }
    }
}

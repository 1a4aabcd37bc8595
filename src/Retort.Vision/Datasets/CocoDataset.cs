using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// A data set in COCO's instances format: one JSON file with <c>images</c>, <c>annotations</c> and <c>categories</c>. Boxes are left, top,
/// width, height in pixels; category ids may have gaps and are mapped to 0-based labels in the order of the classes. Crowds are kept and
/// marked.
/// </summary>
public sealed class CocoDataset : RecordedDataset
{
    private CocoDataset(string name, string[] classNames, long[] categoryIds, ImageRecord[] records, DatasetProblems problems)
        : base(name, classNames, categoryIds, records, problems)
    {
    }

    /// <summary>Reads an annotation file.</summary>
    /// <param name="annotationFile">The JSON file.</param>
    /// <param name="imageFolder">The folder to which the <c>file_name</c> of the images is relative; none may lead out of it.</param>
    /// <param name="options">What to read and how strictly.</param>
    /// <exception cref="DatasetException">The data set cannot be used.</exception>
    public static CocoDataset Read(string annotationFile, string imageFolder, DatasetReadOptions? options = null)
    {
        options ??= new DatasetReadOptions();
        DatasetProblems problems = new(options.Strict);
        if (options.CheckImageFiles && !Directory.Exists(imageFolder))
        {
            throw new DatasetException(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.MissingFile, imageFolder, "", "the image folder does not exist",
                    "Check the path in the recipe or on the command line."));
        }

        CocoFile file = CocoFileReader.Read(annotationFile, problems);
        CocoResolver resolver = new(annotationFile, imageFolder, file, options, problems);
        CocoDataset dataset = new(
            Path.GetFileNameWithoutExtension(annotationFile), [.. resolver.ClassNames], [.. resolver.CategoryIds],
            RepeatedObjects.LeaveOut(resolver.Resolve(), options, problems), problems);
        if (!options.CollectErrors)
        {
            problems.ThrowIfErrors();
        }

        return dataset;
    }
}

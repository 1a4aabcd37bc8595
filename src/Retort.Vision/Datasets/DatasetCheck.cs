using Retort.Core;
using Retort.Vision.Data;
using Retort.Vision.Imaging;
using Retort.Vision.Threading;

namespace Retort.Vision.Datasets;

/// <summary>Counts what a data set holds and looks for what is wrong with it.</summary>
public static class DatasetCheck
{
    /// <summary>Checks a data set.</summary>
    /// <param name="dataset">The data set, best read with <see cref="DatasetReadOptions.CollectErrors"/>.</param>
    /// <param name="problems">What reading it found; what is found here is added.</param>
    /// <param name="decodeImages">Whether every image is decoded, in parallel, and its size compared with the annotated one.</param>
    /// <param name="threads">Most threads for decoding; 0 for one a processor.</param>
    /// <param name="progress">Told the number of decoded images, from any thread.</param>
    /// <param name="cancel">Stops between images.</param>
    public static DatasetReport Run(
        IDetectionDataset dataset, DatasetProblems problems, bool decodeImages = false, int threads = 0, IProgress<int>? progress =
            null, CancellationToken cancel = default)
    {
        int decoded = decodeImages ? DecodeAll(dataset, problems, threads, progress, cancel) : 0;
        ImageRecord[] images = [.. Enumerable.Range(0, dataset.Count).Select(i => dataset[i])];
        ObjectAnnotation[] objects = [.. images.SelectMany(i => i.Objects)];
        ClassCount[] classes = CountClasses(dataset, images);
        foreach (ClassCount empty in classes.Where(c => c.Objects == 0))
        {
            problems.Add(new DatasetProblem(ProblemSeverity.Note, ProblemKind.NoAnnotations, dataset.Name, "",
                $"the class '{empty.Name}' has no object", Remedy(classes)));
        }

        return new DatasetReport(
            dataset.Name, images.Length, images.Count(i => i.Objects.Count == 0), objects.Length, objects.Count(o => o.IsCrowd),
                objects.Count(o => o.Difficult),
            classes, CountSizes(objects), Range(images), decoded, problems);
    }

    private static string Remedy(ClassCount[] classes)
    {
        const int Most = 30;
        string[] used = [.. classes.Where(c => c.Objects > 0).Select(c => c.Name)];
        return used.Length is 0 or > Most
            ? "It cannot be learnt or scored here."
            : "It cannot be learnt or scored here; if no part of the data has it, leave it out with --set "
                + $"\"data.classes=[{string.Join(", ", used)}]\".";
    }

    private static ClassCount[] CountClasses(IDetectionDataset dataset, ImageRecord[] images)
    {
        int[] objects = new int[dataset.ClassNames.Count];
        int[] having = new int[dataset.ClassNames.Count];
        foreach (ImageRecord image in images)
        {
            foreach (IGrouping<int, ObjectAnnotation> group in image.Objects.GroupBy(o => o.Label))
            {
                objects[group.Key] += group.Count();
                having[group.Key]++;
            }
        }

        return [.. dataset.ClassNames.Select(
            (name, label) => new ClassCount(name, dataset.CategoryIds[label], objects[label], having[label]))];
    }

    private static SizeCounts CountSizes(ObjectAnnotation[] objects)
    {
        const double SmallLimit = 32 * 32;
        const double MediumLimit = 96 * 96;
        int small = objects.Count(o => o.Area < SmallLimit);
        int large = objects.Count(o => o.Area >= MediumLimit);
        return new SizeCounts(small, objects.Length - small - large, large);
    }

    private static ImageSizes Range(ImageRecord[] images) => images.Length == 0
        ? new ImageSizes(0, 0, 0, 0)
        : new ImageSizes(images.Min(i => i.Width), images.Max(i => i.Width), images.Min(i => i.Height), images.Max(i => i.Height));

    private static int DecodeAll(IDetectionDataset dataset, DatasetProblems problems, int threads, IProgress<int>? progress,
        CancellationToken cancel)
    {
        DatasetProblem?[] found = new DatasetProblem?[dataset.Count];
        ParallelOptions options = new()
        {
            MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount
            : threads,
            CancellationToken = cancel
        };
        int done = 0;
        int readable = 0;
        ParallelLoop.For(dataset.Count, options, i =>
        {
            // A missing file was reported when the data set was read.
            if (File.Exists(dataset[i].Path))
            {
                found[i] = CheckImage(dataset[i]);
                Interlocked.Add(ref readable, found[i]?.Kind == ProblemKind.UnreadableImage ? 0 : 1);
            }

            progress?.Report(Interlocked.Increment(ref done));
        });

        // Added in the order of the images, whatever the threads did.
        foreach (DatasetProblem problem in found.OfType<DatasetProblem>())
        {
            problems.Add(problem);
        }

        SixteenBitImages.Warn([.. Enumerable.Range(0, dataset.Count).Select(i => dataset[i].Path)], problems);

        return readable;
    }

    private static DatasetProblem? CheckImage(ImageRecord record)
    {
        try
        {
            using Image image = ImageDecoder.Decode(record.Path);
            return image.Width == record.Width && image.Height == record.Height
                ? null
                : new DatasetProblem(
                    ProblemSeverity.Error, ProblemKind.SizeMismatch, record.Path, "",
                    $"the image has {image.Width} x {image.Height} pixels, the annotation says {record.Width} x {record.Height}",
                    "Correct the annotation; boxes may be meant for a resized or turned image.");
        }
        catch (RetortException e)
        {
            string problem = e is ImageFormatException format ? format.Problem : e.Message;
            return new DatasetProblem(ProblemSeverity.Error, ProblemKind.UnreadableImage, record.Path, "",
                $"the image cannot be read: {problem}", "Replace the file, or remove it from the data set.");
        }
    }
}

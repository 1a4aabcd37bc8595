using System.Text;
using Retort.Core;
using Retort.Core.Files;
using Retort.Core.Options;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;
using Retort.Vision.Threading;

namespace Retort.Vision.Synthesis;

/// <summary>
/// Draws a data set for detection: textured discs, squares, triangles and stars that cover each other, fade into their ground, cast shadows
/// and are blurred, among clutter that belongs to no class; or ovals, bars, wedges and arrows with rotated boxes. Edges are ambiguous in
/// the picture and exact in the annotations: a box is the extent of the whole outline, clipped to the image where it is upright. Objects of
/// which less than a fifth can be seen are not annotated. COCO's format, of rotated boxes DOTA's.
/// </summary>
public static class SyntheticDataset
{
    /// <summary>The classes; position = label, category id = label + 1.</summary>
    public static IReadOnlyList<string> ClassNames => Scene.ClassNames(rotated: false);

    /// <summary>The classes of <see cref="SyntheticOptions.Rotated"/> objects; position = label, category id = label + 1.</summary>
    public static IReadOnlyList<string> RotatedClassNames => Scene.ClassNames(rotated: true);

    /// <summary>
    /// Draws the data set into <paramref name="folder"/>: <c>images/train</c>, <c>images/val</c> and
    /// <c>annotations/instances_{train,val}.json</c>, or
    /// <c>labelTxt/train</c> and <c>labelTxt/val</c> of rotated boxes, the latter when all images are there. Existing files of these names
    /// are replaced.
    /// </summary>
    /// <param name="options">What to draw.</param>
    /// <param name="folder">The folder; it is made as needed.</param>
    /// <param name="progress">Told the number of images that are done, from any thread.</param>
    /// <param name="cancel">Stops between images.</param>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    /// <exception cref="RetortException">The folder cannot be written.</exception>
    public static SyntheticSummary Generate(
        SyntheticOptions options, string folder, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        OptionRules.Check(options);
        int done = 0;
        void Report() => progress?.Report(Interlocked.Increment(ref done));
        DrawnDataset train = DrawSplit(options, folder, "train", 0, options.TrainImages, Report, cancel);
        DrawnDataset validation = DrawSplit(options, folder, "val", 1, options.ValidationImages, Report, cancel);
        return new SyntheticSummary(
            WriteAnnotations(train, options, folder, "train"), ImageFolder(folder, "train"),
            WriteAnnotations(validation, options, folder, "val"), ImageFolder(folder, "val"),
            train.Count + validation.Count, train.Objects + validation.Objects);
    }

    /// <summary>One picture of a data set without writing it: [height, width, 3], BGR; the caller disposes it.</summary>
    /// <param name="options">What to draw.</param>
    /// <param name="split">0 for training, 1 for validation.</param>
    /// <param name="index">Which one, 0-based.</param>
    public static (Image Picture, IReadOnlyList<ObjectAnnotation> Objects) Draw(SyntheticOptions options, int split, int index)
    {
        OptionRules.Check(options);
        Image picture = new(options.Width, options.Height);
        return (picture, Scene.Draw(options, split, index, picture.Pixels));
    }

    private static DrawnDataset DrawSplit(
        SyntheticOptions options, string folder, string name, int split, int count, Action report, CancellationToken cancel)
    {
        string images = ImageFolder(folder, name);
        UserFiles.CreateFolder(images);
        ImageRecord[] records = new ImageRecord[count];
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = options.Threads == 0 ? Environment.ProcessorCount
            : options.Threads,
            CancellationToken = cancel
        };
        ParallelLoop.For(count, parallel, index =>
        {
            (Image picture, IReadOnlyList<ObjectAnnotation> objects) = Draw(options, split, index);
            using (picture)
            {
                string path = Path.Combine(images, $"{index + 1:000000}{(options.Png ? ".png" : ".jpg")}");
                ImageEncoder.Write(path, picture);
                records[index] = new ImageRecord(index + 1, path, options.Width, options.Height, objects);
            }

            report();
        });
        return new DrawnDataset($"synthetic/{name}", Scene.ClassNames(options.Rotated), records);
    }

    private static string WriteAnnotations(DrawnDataset dataset, SyntheticOptions options, string folder, string split) =>
        options.Rotated ? WriteLabelFiles(dataset, Path.Combine(folder, "labelTxt", split)) : WriteCoco(dataset, options, folder, split);

    // The corners have a decimal, as label files that people make.
    private static string WriteLabelFiles(DrawnDataset dataset, string folder)
    {
        UserFiles.CreateFolder(folder);
        for (int k = 0; k < dataset.Count; k++)
        {
            IEnumerable<DotaObject> objects = dataset[k].Objects.Select((o, line) =>
                new DotaObject([.. o.Rotated!.Value.Corners.ToArray().Select(v => Math.Round(v, 1))], dataset.ClassNames[o.Label], 0,
                    line + 1));
            string name = Path.GetFileNameWithoutExtension(dataset[k].Path);
            RenamedFile.Write(Path.Combine(folder, name + ".txt"), Encoding.UTF8.GetBytes(DotaLabelFile.Text(objects)));
        }

        return folder;
    }

    private static string WriteCoco(DrawnDataset dataset, SyntheticOptions options, string folder, string split)
    {
        string file = Path.Combine(folder, "annotations", $"instances_{split}.json");
        CocoWriter.Write(dataset, file, ImageFolder(folder, split), FormattableString.Invariant(
            $"Drawn by Retort: seed {options.Seed}, {options.Width}x{options.Height}, difficulty {options.Difficulty}"));
        return file;
    }

    private static string ImageFolder(string folder, string split) => Path.Combine(folder, "images", split);

    private sealed class DrawnDataset(string name, IReadOnlyList<string> classNames, ImageRecord[] records) : IDetectionDataset
    {
        public string Name => name;

        public IReadOnlyList<string> ClassNames => classNames;

        public IReadOnlyList<long> CategoryIds { get; } = [.. Enumerable.Range(1, classNames.Count).Select(i => (long)i)];

        public int Count => records.Length;

        public int Objects => records.Sum(r => r.Objects.Count);

        public ImageRecord this[int index] => records[index];
    }
}

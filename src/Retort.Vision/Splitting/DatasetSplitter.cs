using System.Text;
using Retort.Core.Files;
using Retort.Core.Options;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;
using Retort.Vision.Threading;

namespace Retort.Vision.Splitting;

/// <summary>
/// Splits a folder of large images with DOTA labels into windows: <c>images/NAME__SIZE__X___Y.png</c> and
/// <c>labelTxt/NAME__SIZE__X___Y.txt</c>. Files appear whole, so a call that was killed is repeated to go on where it stopped: windows that
/// are there are not cut again unless their picture changed (<see cref="SourceRecord"/>). Label files are always written, because labels
/// are corrected more often than pictures and cost little.
/// </summary>
public sealed class DatasetSplitter
{
    private readonly SplitOptions _options;
    private readonly string _imageFolder;
    private readonly string? _labelFolder;
    private readonly ParallelOptions _parallel;
    private readonly MemoryBudget _budget;
    private readonly Lock _lock = new();
    private SplitSummary _summary = new(0, 0, 0, 0, 0, 0);

    private DatasetSplitter(string output, bool labels, SplitOptions options, CancellationToken cancel)
    {
        _options = options;
        _imageFolder = Path.Combine(output, "images");
        _labelFolder = labels ? Path.Combine(output, "labelTxt") : null;
        _parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads == 0 ? Environment.ProcessorCount
            : options.Threads,
            CancellationToken = cancel
        };
        _budget = new MemoryBudget(options.MemoryLimit);
    }

    /// <summary>Splits every image of a folder.</summary>
    /// <param name="images">The folder of images; folders within are not looked into.</param>
    /// <param name="labels">The folder of label files, one for each image; null for images without labels.</param>
    /// <param name="output">Where the windows go; made where it is missing.</param>
    /// <param name="options">How to split.</param>
    /// <param name="problems">What was found in the labels is added; warnings do not stop the split.</param>
    /// <param name="progress">Told how many images are done, from any thread.</param>
    /// <param name="cancel">Stops between windows.</param>
    /// <exception cref="DatasetException">A folder or label file is missing or broken, or <paramref name="output"/> holds windows of other
    /// settings.</exception>
    /// <exception cref="ImageFormatException">An image cannot be read.</exception>
    public static SplitSummary Run(
        string images, string? labels, string output, SplitOptions options, DatasetProblems? problems = null, IProgress<int>? progress =
            null, CancellationToken cancel = default)
    {
        OptionRules.Check(options);
        problems ??= new DatasetProblems();
        (string Image, List<DotaObject> Objects)[] sources = SplitSources.Read(images, labels, problems);
        problems.ThrowIfErrors();
        var splitter = new DatasetSplitter(output, labels is not null, options, cancel);
        splitter.Prepare(output, images, labels);
        SourceRecord.Update(output, [.. sources.Select(s => s.Image)], splitter.Folders);
        int done = 0;
        ParallelLoop.ForEach(sources, splitter._parallel, source =>
        {
            splitter.Split(source.Image, source.Objects);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return splitter._summary;
    }

    private IEnumerable<string> Folders => new[] { _imageFolder, _labelFolder }.OfType<string>();

    private void Prepare(string output, string images, string? labels)
    {
        RefuseToMix(_imageFolder, images);
        RefuseToMix(_labelFolder, labels);
        UserFiles.CreateFolder(output);
        SplitRecord.Claim(output, _options, images, labels);
        foreach (string folder in Folders)
        {
            UserFiles.CreateFolder(folder);
            foreach (string unfinished in RenamedFile.Unfinished(folder))
            {
                UserFiles.Delete(unfinished);
            }
        }
    }

    // Windows among the images would be split themselves by the next call.
    private static void RefuseToMix(string? target, string? source)
    {
        if (target is not null && source is not null && Path.GetRelativePath(target, source) == ".")
        {
            throw new DatasetException(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.Duplicate, target, "", "the windows would lie among the files that are split",
                    "Choose another output folder."));
        }
    }

    private void Split(string image, List<DotaObject> objects)
    {
        (int width, int height) = ImageHeader.ReadSize(image);
        string name = Path.GetFileNameWithoutExtension(image);
        Dictionary<SplitWindow, List<DotaObject>> windows =
            SlidingWindows.Over(width, height, _options).ToDictionary(w => w, w => WindowLabels.Select(objects, w, _options));
        int lost = objects.Count - windows.Values.SelectMany(selected => selected.Select(o => o.Line)).Distinct().Count();
        SplitWindow[] wanted = [.. windows.Where(w => !_options.SkipEmpty || w.Value.Count > 0).Select(w => w.Key)];
        SplitWindow[] missing = [.. wanted.Where(w => !IsComplete(w.NameOf(name)))];
        Delete(windows.Keys.Except(wanted).Select(w => w.NameOf(name)));
        if (missing.Length > 0)
        {
            using IDisposable memory = _budget.Take(RowSource.BytesNeeded(image, width, height, missing.Max(w => w.Size))
                + BytesInFlight(missing));
            WindowCutter.Cut(image, missing, _parallel, (window, pixels) => Write(window.NameOf(name), pixels, windows[window]));
        }

        foreach (SplitWindow window in wanted.Except(missing))
        {
            WriteLabels(window.NameOf(name), windows[window]);
        }

        Count(new SplitSummary(1, wanted.Length, missing.Length, objects.Count, wanted.Sum(w => windows[w].Count), lost));
    }

    // The windows that are cut out at the same time: as many as threads.
    private long BytesInFlight(SplitWindow[] windows) =>
        windows.Select(w => (long)w.Size * w.Size * Image.Channels).OrderDescending().Take(_parallel.MaxDegreeOfParallelism).Sum();

    private bool IsComplete(string name) => File.Exists(ImageFile(name)) && (_labelFolder is null || File.Exists(LabelFile(name)));

    private void Write(string name, Image pixels, List<DotaObject> objects)
    {
        ImageEncoder.Write(ImageFile(name), pixels);
        WriteLabels(name, objects);
    }

    private void WriteLabels(string name, List<DotaObject> objects)
    {
        if (_labelFolder is not null)
        {
            RenamedFile.Write(LabelFile(name), Encoding.UTF8.GetBytes(DotaLabelFile.Text(objects)));
        }
    }

    // Windows of an earlier call that had objects then, and have none now.
    private void Delete(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            UserFiles.Delete(ImageFile(name));
            UserFiles.Delete(LabelFile(name));
        }
    }

    private string ImageFile(string name) => Path.Combine(_imageFolder, name + ".png");

    private string LabelFile(string name) => Path.Combine(_labelFolder!, name + ".txt");

    private void Count(SplitSummary one)
    {
        lock (_lock)
        {
            SplitSummary all = _summary;
            _summary = new SplitSummary(
                all.Images + one.Images, all.Windows + one.Windows, all.Written + one.Written, all.Objects + one.Objects,
                    all.Labels + one.Labels, all.Lost + one.Lost);
        }
    }
}

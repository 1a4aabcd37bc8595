using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>Some images of a data set, in a given order; ids and classes are the data set's.</summary>
public sealed class SubsetDataset : IDetectionDataset
{
    private readonly IDetectionDataset _inner;
    private readonly int[] _indices;

    /// <summary>The images of <paramref name="inner"/> at <paramref name="indices"/>.</summary>
    public SubsetDataset(IDetectionDataset inner, IEnumerable<int> indices, string name)
    {
        (_inner, _indices, Name) = (inner, [.. indices], name);
        foreach (int index in _indices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, inner.Count, nameof(indices));
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _inner.ClassNames;

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds => _inner.CategoryIds;

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public ImageRecord this[int index] => _inner[_indices[index]];

    /// <summary>
    /// The images named in a text file, one name a line, in the file's order. A name is an image's file name without the extension, with as
    /// many of its folders as the file gives (<c>train/0001</c>).
    /// </summary>
    /// <exception cref="DatasetException">A name is not in the data set, stands for several images, is there twice, or the file is empty or
    /// missing.</exception>
    public static SubsetDataset FromNames(IDetectionDataset inner, string nameFile)
    {
        if (!File.Exists(nameFile))
        {
            throw Broken(ProblemKind.MissingFile, nameFile, "", "the list of names does not exist", "Check its path.");
        }

        Dictionary<string, List<int>> byName = Index(inner);
        List<int> indices = [];
        foreach ((string name, int line) in NameList.Read(nameFile))
        {
            string leaf = Path.GetFileName(name);
            List<int> found = [.. byName.GetValueOrDefault(leaf, []).Where(i => IsNamed(inner[i].Path, name))];
            if (found.Count != 1)
            {
                string message = found.Count == 0 ? $"no image of {inner.Name} is named '{name}'"
                    : $"{found.Count} images of {inner.Name} are named '{name}'";
                throw Broken(ProblemKind.UnknownImage, nameFile, $"line {line}", message,
                    "Names are file names without the extension; folders may stand before them.");
            }

            indices.Add(found[0]);
        }

        if (indices.Count == 0)
        {
            throw Broken(ProblemKind.EmptySplit, nameFile, "", "the list names no image", "Write one name a line.");
        }

        if (indices.GroupBy(i => i).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Broken(ProblemKind.Duplicate, nameFile, "", $"the image {inner[twice.Key].Path} is named twice", "Name each image once.");
        }

        return new SubsetDataset(inner, indices, $"{inner.Name}[{Path.GetFileNameWithoutExtension(nameFile)}]");
    }

    /// <summary>At most the first <paramref name="count"/> images, for quick runs.</summary>
    public static SubsetDataset First(IDetectionDataset inner, int count) =>
        new(inner, Enumerable.Range(0, Math.Min(count, inner.Count)), $"{inner.Name}[0..{Math.Min(count, inner.Count)}]");

    /// <summary>At most <paramref name="count"/> images, spread evenly over the whole, to look at.</summary>
    public static SubsetDataset Spread(IDetectionDataset inner, int count)
    {
        int kept = Math.Min(count, inner.Count);
        return new(inner, Enumerable.Range(0, kept).Select(k => (int)((long)k * inner.Count / kept)), $"{kept} of {inner.Name}");
    }

    private static Dictionary<string, List<int>> Index(IDetectionDataset inner)
    {
        Dictionary<string, List<int>> byName = [];
        for (int i = 0; i < inner.Count; i++)
        {
            string name = Path.GetFileNameWithoutExtension(inner[i].Path);
            if (!byName.TryAdd(name, [i]))
            {
                byName[name].Add(i);
            }
        }

        return byName;
    }

    private static bool IsNamed(string path, string name) =>
        Path.ChangeExtension(path, null).Replace('\\', '/').EndsWith("/" + name, StringComparison.Ordinal);

    private static DatasetException Broken(ProblemKind kind, string file, string place, string message, string remedy) =>
        new(new DatasetProblem(ProblemSeverity.Error, kind, file, place, message, remedy));
}

namespace Retort.Vision.Datasets;

/// <summary>
/// Finds the file that a name means which is written in another way: case, Unicode form, backslashes, <c>%20</c>, other folders.
/// </summary>
internal sealed class SimilarFiles(string folder)
{
    private Dictionary<string, string>? _files;
    private Dictionary<string, string>? _names;

    /// <summary>The file below the folder whose name looks like <paramref name="name"/>; null where there is none.</summary>
    public string? Find(string name)
    {
        _files ??= Index(file => file);
        _names ??= Index(file => Path.GetFileName(file));
        string path = Form(name);
        return _files.GetValueOrDefault(path) ?? _names.GetValueOrDefault(path[(path.LastIndexOf('/') + 1)..]);
    }

    private Dictionary<string, string> Index(Func<string, string> part)
    {
        Dictionary<string, string> index = [];
        foreach (string file in FolderPlaces.Files(folder).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal))
        {
            index.TryAdd(Form(part(file)), file);
        }

        return index;
    }

    private static string Form(string name) => PlainName.Of(Uri.UnescapeDataString(name.Replace('\\', '/')));
}

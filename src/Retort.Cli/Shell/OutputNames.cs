namespace Retort.Cli.Shell;

/// <summary>Names of files in one folder: pictures of the same name in different folders must not overwrite each other.</summary>
internal sealed class OutputNames
{
    private readonly HashSet<string> _taken = [];

    /// <summary>The file's name without its folder, with a number behind it where an earlier one has it.</summary>
    /// <param name="file">The picture.</param>
    /// <param name="extension">The extension that it gets, with the point; null to leave it its own.</param>
    public string Next(string file, string? extension = null)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        extension ??= Path.GetExtension(file);
        string name = stem + extension;
        for (int k = 2; !_taken.Add(name); k++)
        {
            name = $"{stem}-{k}{extension}";
        }

        return name;
    }
}

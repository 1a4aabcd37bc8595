using System.Globalization;
using Retort.Core.Files;
using Retort.Recipes.Reading;
using Retort.Recipes;
using Retort.Vision.Datasets;

namespace Retort.Training.Data;

/// <summary>The class names of data sets whose label files have indices, as the YOLO family keeps them.</summary>
public static class ClassNameFile
{
    private static readonly string[] s_usual = ["data.yaml", "dataset.yaml", "classes.txt", "obj.names"];

    /// <summary>The file of names in a data set's folder; null where there is none of the usual ones.</summary>
    /// <param name="root">The folder.</param>
    public static string? FindIn(string root) => s_usual.Select(name => Path.Combine(root, name)).FirstOrDefault(File.Exists);

    /// <summary>The names in the order of the indices.</summary>
    /// <param name="path">A YAML file with <c>names</c>, a list or a map from indices; any other file has one name a line.</param>
    /// <exception cref="RecipeException">There is no such file, or it has no names.</exception>
    /// <exception cref="DatasetException">It is too large for a list of names.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new RecipeException(
                $"{path}: there is no such file of class names; it is a YAML file with 'names', or a text file with one name a line");
        }

        TextLimit.Require(path, TextLimit.NameList, "Name a YAML file with 'names', or a text file with one name a line.");
        IReadOnlyList<string> names = Path.GetExtension(path) is ".yaml" or ".yml" ? OfYaml(path)
            : [.. UserFiles.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Count == 0 ? throw new RecipeException($"{path}: the file has no class names")
            : names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new RecipeException($"{path}: the class '{twice.Key}' stands there twice; give each index a name of its own")
            : names;
    }

    private static IReadOnlyList<string> OfYaml(string path)
    {
        RecipeMap file = YamlReader.ReadMap(UserFiles.ReadAllText(path), path);
        return file.Find("names")?.Value switch
        {
            RecipeList list => [.. list.Items.Select(Name)],
            RecipeMap map => [.. map.Entries.Select(Indexed).OrderBy(e => e.Index)
                .Select((e, k) => e.Index == k ? e.Name : throw new RecipeException($"{path}: 'names' has no name for the index {k}"))],
            _ => throw new RecipeException($"{path}: there is no list 'names' in the file"),
        };
    }

    private static (int Index, string Name) Indexed(RecipeEntry entry) =>
        int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
        ? (index, Name(entry.Value))
        : throw new RecipeException(
            $"{entry.KeyOrigin}: '{entry.Key}' is no index of a class; write 'names' as a list, or with 0, 1, 2 ... before the names");

    private static string Name(RecipeNode node) =>
        node is RecipeScalar { Text.Length: > 0 } scalar ? scalar.Text
        : throw new RecipeException($"{node.Origin}: a class name is text, but {node.Kind} stands there");
}

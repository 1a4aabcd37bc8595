using Retort.Core.Files;
using Retort.Core;
using Retort.Recipes.Reading;

namespace Retort.Recipes;

/// <summary>A recipe of a folder of recipes.</summary>
/// <param name="Name">Its path below the folder, without the extension and with <c>/</c>, for instance <c>bccd/student</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="Description">Its own one-line description.</param>
/// <param name="Aliases">Other names that it is known by.</param>
/// <param name="Paper">The published results that it is made to reproduce.</param>
/// <param name="Published">The address of published weights of its network, if any.</param>
/// <param name="TeacherFile">The recipe that its teacher is trained with, if it names one.</param>
public sealed record CatalogEntry(
    string Name, string Path, string Description, IReadOnlyList<string> Aliases, IReadOnlyList<PaperOptions> Paper, string? Published,
    string? TeacherFile)
{
    /// <summary>Why the file is not a recipe; null where it is one, as far as it was looked at.</summary>
    public string? Failure { get; init; }
}

/// <summary>
/// The recipes below a folder. Files and folders whose name starts with <c>_</c> are parts for inclusion and not listed, nor are studies.
/// </summary>
public static class RecipeCatalog
{
    /// <summary>
    /// Lists the recipes of all folders in the order of their names; of two with the same name the one in the earlier folder.
    /// </summary>
    /// <param name="folders">The folders, usually <see cref="RecipePlaces.All"/>.</param>
    /// <exception cref="RetortException">A folder does not exist.</exception>
    /// <remarks>A file that is not a recipe is listed with its <see cref="CatalogEntry.Failure"/>.</remarks>
    public static IReadOnlyList<CatalogEntry> List(params IReadOnlyList<string> folders) =>
        folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing
            ? throw new RetortException($"{missing}: there is no such folder of recipes")
            : [.. Files(folders).Select(f => TryDescribe(f.File, f.Name))];

    /// <summary>
    /// The file that a person means by a name: the path of an existing file, or a name or another name that <see cref="List"/> gives.
    /// </summary>
    /// <param name="folders">The folders of recipes; the first that has it counts.</param>
    /// <param name="name">What the person wrote.</param>
    /// <exception cref="RetortException">There is no such recipe; the message names the nearest.</exception>
    public static string Find(IReadOnlyList<string> folders, string name)
    {
        if (File.Exists(name) || !folders.Any(Directory.Exists))
        {
            return name;
        }

        if (folders.Select(folder => Path.Combine(folder, name + ".yaml")).FirstOrDefault(File.Exists) is { } file)
        {
            return file;
        }

        IReadOnlyList<CatalogEntry> entries = List([.. folders.Where(Directory.Exists)]);
        if (entries.FirstOrDefault(e => e.Aliases.Contains(name)) is { } alias)
        {
            return alias.Path;
        }

        string[] known = [.. entries.Select(e => e.Name), .. entries.SelectMany(e => e.Aliases)];
        throw new RetortException($"there is no recipe '{name}', neither as a file nor below "
            + $"{string.Join(" or ", folders)}{Spelling.Hint(name, known, "retort recipes")}");
    }

    /// <summary>What a recipe's file says of the recipe itself, without the rest of it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">The name to list it under.</param>
    /// <exception cref="RecipeException">It is not a recipe.</exception>
    public static CatalogEntry Describe(string file, string name)
    {
        RecipeMap map = RecipeSource.Read(file);
        RecipeList? aliases = map.Find("aliases")?.Value as RecipeList;
        RecipeNode? paper = map.Find("paper")?.Value;
        IReadOnlyList<RecipeNode> results = paper is RecipeList list ? list.Items : paper is RecipeMap ? [paper] : [];
        RecipeScalar? teacher = (map.Find("teacher")?.Value as RecipeMap)?.Find(RecipeSource.TeacherRecipeKey)?.Value as RecipeScalar;
        return new CatalogEntry(
            name,
            file,
            (map.Find("description")?.Value as RecipeScalar)?.Text ?? "",
            [.. aliases?.Items.OfType<RecipeScalar>().Select(alias => alias.Text) ?? []],
            [.. results.OfType<RecipeMap>().Select(result => RecipeBinder.Bind<PaperOptions>(result, "paper"))],
            (map.Find("published")?.Value as RecipeScalar)?.Text,
            teacher is null ? null : RecipePlaces.Locate(teacher.Origin.Folder, teacher.Text));
    }

    // A folder of one's own may have other files too, and they must not hide the recipes.
    private static CatalogEntry TryDescribe(string file, string name)
    {
        try
        {
            return Describe(file, name);
        }
        catch (RetortException e)
        {
            return new CatalogEntry(name, file, "", [], [], null, null) { Failure = e.Message };
        }
    }

    private static IEnumerable<(string File, string Name)> Files(IReadOnlyList<string> folders) => folders
        .Where(Directory.Exists)
        .SelectMany(folder => UserFiles.List(folder, "*.yaml", below: true).Select(file => (File: file, Name: NameOf(folder, file))))
        .Where(f => !f.Name.StartsWith(RecipePlaces.StudiesFolder + "/", StringComparison.Ordinal)
            && !f.Name.Split('/').Any(part => part.StartsWith('_')))
        .DistinctBy(f => f.Name)
        .OrderBy(f => f.Name, StringComparer.Ordinal);

    private static string NameOf(string folder, string file) =>
        Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace('\\', '/');
}

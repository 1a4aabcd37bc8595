using Retort.Core.Files;
using Retort.Core;
using Retort.Recipes.Reading;
using Retort.Recipes;

namespace Retort.Training.Studies;

/// <summary>A list of recipes that are run and compared, such as the rows of one of the paper's tables.</summary>
/// <param name="Name">The name of the file, without its extension.</param>
/// <param name="Title">What the study asks, in a line.</param>
/// <param name="Folder">Where its runs and results go.</param>
/// <param name="Rows">The rows in the order of the table.</param>
/// <param name="Base">The row that the others are compared with.</param>
public sealed record Study(string Name, string Title, string Folder, IReadOnlyList<StudyRow> Rows, StudyRow Base)
{
    /// <summary>All runs in an order in which each comes after its teacher's.</summary>
    public IReadOnlyList<StudyRun> Runs => RunsOf(Rows);

    /// <summary>The folder of the studies that come with Retort, below that of the recipes.</summary>
    public const string FolderName = RecipePlaces.StudiesFolder;

    /// <summary>
    /// The file that a person means by a name: the path of an existing file, or the name of a study that comes with Retort.
    /// </summary>
    /// <param name="recipes">The folders of recipes; the first that has it counts.</param>
    /// <param name="name">What the person wrote.</param>
    /// <exception cref="RetortException">There is no such study; the message names the nearest.</exception>
    public static string Find(IReadOnlyList<string> recipes, string name)
    {
        IReadOnlyList<string> files = Files(recipes);
        string[] known = [.. files.Select(file => Path.GetFileNameWithoutExtension(file))];
        return File.Exists(name) ? name
            : known.Contains(name) ? files[Array.IndexOf(known, name)]
            : throw new RetortException(
                $"there is no study '{name}', neither as a file nor in "
                    + string.Join(" or ", recipes.Select(r => Path.Combine(r, FolderName))) + Spelling.Hint(name, known, "retort study"));
    }

    /// <summary>
    /// The files of the studies in folders of recipes, in the order of their names; of two with the same name the one in the earlier
    /// folder.
    /// </summary>
    /// <param name="recipes">The folders of recipes.</param>
    public static IReadOnlyList<string> Files(IReadOnlyList<string> recipes) =>
    [
        .. recipes.Select(folder => Path.Combine(folder, FolderName)).Where(Directory.Exists)
            .SelectMany(folder => UserFiles.List(folder, "*.yaml"))
            .DistinctBy(Path.GetFileNameWithoutExtension)
            .OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal),
    ];

    /// <summary>What a study asks, of which nothing else is read; or why the file is no study.</summary>
    /// <param name="file">The YAML file.</param>
    public static string TitleOf(string file)
    {
        try
        {
            return (YamlReader.ReadMap(UserFiles.ReadAllText(file), RecipeSource.Shown(Path.GetFullPath(file)))
                .Find("title")?.Value as RecipeScalar)?.Text ?? "fails: it has no title";
        }
        catch (RecipeException e)
        {
            return $"fails: {e.Message}";
        }
    }

    /// <summary>Reads the file of a study and all recipes that it names.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="recipes">The folders of recipes that its rows are named in.</param>
    /// <param name="output">The folder that the study's own folder is made in.</param>
    /// <param name="overrides">Texts <c>key.path=value</c> that are laid over every row's recipe at the end.</param>
    /// <exception cref="RetortException">There is no such file.</exception>
    /// <exception cref="RecipeException">Something in the study or in a recipe cannot be used; the message names file, line and
    /// remedy.</exception>
    public static Study Load(string path, IReadOnlyList<string> recipes, string output, IEnumerable<string>? overrides = null) =>
        new StudyReader(path, recipes, output, overrides ?? []).Read();

    /// <summary>The runs of some rows and of those that teach them, in an order in which each comes after its teacher's.</summary>
    /// <param name="rows">Rows of this study.</param>
    public static IReadOnlyList<StudyRun> RunsOf(IEnumerable<StudyRow> rows) => [.. WithTeachers(rows).SelectMany(row => row.Runs)];

    /// <summary>
    /// The rows that a person names, those that teach them, and the one that all are compared with, in the order of the table; all rows
    /// where none is named.
    /// </summary>
    /// <param name="names">Names of rows.</param>
    /// <exception cref="RetortException">There is no such row; the message names the nearest.</exception>
    public IReadOnlyList<StudyRow> Choose(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => Rows.All(row => row.Name != name)) is { } unknown)
        {
            throw new RetortException(
                $"the study {Name} has no row '{unknown}'{Spelling.Hint(unknown, [.. Rows.Select(row => row.Name)])}");
        }

        IReadOnlyList<StudyRow> wanted = WithTeachers(Rows.Where(row => names.Contains(row.Name)).Append(Base));
        return names.Count == 0 ? Rows : [.. Rows.Where(wanted.Contains)];
    }

    private static List<StudyRow> WithTeachers(IEnumerable<StudyRow> chosen)
    {
        var rows = new List<StudyRow>();
        foreach (StudyRow row in chosen)
        {
            Add(row, rows);
        }

        return rows;
    }

    private static void Add(StudyRow row, List<StudyRow> rows)
    {
        if (!rows.Contains(row))
        {
            if (row.Teacher is { } teacher)
            {
                Add(teacher, rows);
            }

            rows.Add(row);
        }
    }
}

/// <summary>A row of a study: one recipe, run once or with several seeds.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Label">What the table calls it.</param>
/// <param name="RecipeName">The recipe as the file names it.</param>
/// <param name="Reported">The average precision that the paper reports, in percent.</param>
/// <param name="Teacher">The row whose trained detector teaches this one.</param>
public sealed record StudyRow(string Name, string Label, string RecipeName, double? Reported, StudyRow? Teacher)
{
    /// <summary>One run a seed.</summary>
    public IReadOnlyList<StudyRun> Runs { get; internal init; } = [];

    /// <summary>Rows are the same where they have the same name: names are unique in a study.</summary>
    /// <param name="other">Another row of the same study.</param>
    public bool Equals(StudyRow? other) => other is not null && other.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

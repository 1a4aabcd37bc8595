using System.Globalization;
using System.Text.RegularExpressions;
using Retort.Core.Files;
using Retort.Core;
using Retort.Recipes.Reading;
using Retort.Recipes;

namespace Retort.Training.Studies;

/// <summary>From the file of a study to recipes that can be run.</summary>
internal sealed partial class StudyReader(string path, IReadOnlyList<string> recipes, string output, IEnumerable<string> overrides)
{
    private readonly string[] _overrides = [.. overrides];
    private readonly Dictionary<string, StudyRow> _rows = [];
    private StudyOptions _options = null!;
    private IReadOnlyList<RecipeNode> _places = [];

    private string StudyName => Path.GetFileNameWithoutExtension(path);

    private string Folder => Path.Combine(output, StudyName);

    public Study Read()
    {
        RecipeMap file = File.Exists(path)
            ? YamlReader.ReadMap(UserFiles.ReadAllText(path), RecipeSource.Shown(Path.GetFullPath(path)))
            : throw new RetortException($"{path}: there is no such study");
        _options = RecipeBinder.Bind<StudyOptions>(file);
        _places = file.Find("rows")!.Value is RecipeList rows ? rows.Items : [file.Find("rows")!.Value];
        CheckNames(file);
        CheckOverrides();
        foreach (StudyRowOptions row in _options.Rows)
        {
            Resolve(row.Name, []);
        }

        StudyRow[] resolved = [.. _options.Rows.Select(row => _rows[row.Name])];
        CheckFolders(resolved);
        StudyRow compared = _options.Base is not { } name ? resolved[0] : _rows.GetValueOrDefault(name)
            ?? throw new RecipeException(
                $"{file.Find("base")!.Value.Origin}: 'base' names the row '{name}', which is not there{Hint(name)}");
        return new Study(StudyName, _options.Title, Folder, resolved, compared);
    }

    private void CheckNames(RecipeMap file)
    {
        if (_options.Rows.Count == 0)
        {
            throw new RecipeException($"{file.Find("rows")!.KeyOrigin}: 'rows' needs at least one row");
        }

        for (int k = 0; k < _options.Rows.Count; k++)
        {
            string name = _options.Rows[k].Name;
            if (!RowName().IsMatch(name))
            {
                throw new RecipeException($"{_places[k].Origin}: the row's name '{name}' names a folder too: letters, digits and any of "
                    + "'-', '_', '+', '.' (not first); "
                    + "what else the table should say is its 'label'");
            }

            if (_options.Rows.Take(k).Any(row => row.Name == name))
            {
                throw new RecipeException($"{_places[k].Origin}: there is a row '{name}' already; rows need different names");
            }
        }

        foreach ((string key, IReadOnlyList<long>? seeds) in _options.Rows.Select((row, k) => ($"rows.{k}.seeds", row.Seeds))
            .Prepend(("seeds", _options.Seeds)))
        {
            if (seeds is not null && (seeds.Count == 0 || seeds.Distinct().Count() < seeds.Count))
            {
                throw new RecipeException($"{file.Origin.Source}: '{key}' needs at least one number and none twice");
            }
        }
    }

    /// <summary>
    /// Two rows may come to one folder all the same: by a seed in a name, or on disks that do not tell large letters from small ones.
    /// </summary>
    private static void CheckFolders(StudyRow[] rows)
    {
        IGrouping<string, StudyRun>? twice =
            rows.SelectMany(row => row.Runs).GroupBy(run => run.Recipe.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw new RecipeException($"the rows {string.Join(" and ", twice.Select(run => $"'{run.RowName}'"))} would share the run "
                + $"folder '{twice.Key}'; rename one of them");
        }
    }

    private StudyRow Resolve(string name, IReadOnlyList<string> waiting)
    {
        if (_rows.TryGetValue(name, out StudyRow? known))
        {
            return known;
        }

        int index = _options.Rows.Index().First(row => row.Item.Name == name).Index;
        StudyRowOptions options = _options.Rows[index];
        RecipeOrigin place = _places[index].Origin;
        if (waiting.Contains(name))
        {
            throw new RecipeException($"{place}: the rows wait for each other: "
                + $"{string.Join(" -> ", waiting.SkipWhile(n => n != name).Append(name))}; one of them needs another 'teacher'");
        }

        if (options.Teacher is { } wanted && _options.Rows.All(row => row.Name != wanted))
        {
            throw new RecipeException($"{place}: the row '{name}' has the teacher '{wanted}', which is no row of this study{Hint(wanted)}");
        }

        StudyRow? teacher = options.Teacher is null ? null : Resolve(options.Teacher, [.. waiting, name]);
        var row = new StudyRow(name, options.Label ?? name, options.Recipe, options.Paper, teacher);
        return _rows[name] = row with { Runs = [.. Runs(options, place, teacher)] };
    }

    private string Hint(string name) => Spelling.Hint(name, [.. _options.Rows.Select(row => row.Name)]);

    private IEnumerable<StudyRun> Runs(StudyRowOptions options, RecipeOrigin place, StudyRow? teacher)
    {
        IEnumerable<long?> seeds = (options.Seeds ?? _options.Seeds)?.Select(seed => (long?)seed) ?? [null];
        foreach (long? seed in seeds)
        {
            yield return new StudyRun(options.Name, teacher?.Name, Load(options, place, seed, teacher?.Runs[0]));
        }
    }

    private Recipe Load(StudyRowOptions row, RecipeOrigin place, long? seed, StudyRun? teacher)
    {
        string file = FindRecipe(row.Recipe, place);
        RecipeMap own = new RecipeMap(place, [new RecipeEntry(RecipeSource.IncludeKey, place, Included(file, row, place))]);
        own = Overlaid(own, _options.Set, _options.Rows);
        own = Overlaid(own, row.Set, [row]);

        RecipeMap tree = _overrides.Aggregate((RecipeMap)ListInheritance.Complete(
            RecipeSource.WithIncluded(own, Path.GetFullPath(path), [])), RecipeSource.Override);
        TeacherOptions? taught = null;
        if (teacher is not null)
        {
            // The other row's network and weights in the place of whatever teacher the recipe names; the tree keeps the place for messages.
            taught = new TeacherOptions { Model = RecipeLoader.WithoutWeights(teacher.Recipe.Model), Weights = teacher.TrainedWeights };
            tree = tree.With(new RecipeEntry("teacher", place, new RecipeMap(place, [])));
        }

        string name = seed is { } number ? string.Create(CultureInfo.InvariantCulture, $"{row.Name}-seed{number}") : row.Name;
        Recipe recipe = RecipeLoader.Load(tree, file, taught) with { Name = name, Output = Folder };
        if (teacher is not null)
        {
            CheckTaught(recipe, row, teacher, tree, place);
        }

        return seed is { } value ? recipe with { Seed = value } : recipe;
    }

    private string FindRecipe(string name, RecipeOrigin place)
    {
        string beside = Path.Combine(place.Folder, name);
        if (File.Exists(beside))
        {
            return beside;
        }

        try
        {
            return RecipeCatalog.Find(recipes, name);
        }
        catch (RetortException e)
        {
            throw new RecipeException($"{place}: {e.Message}", e);
        }
    }

    /// <summary>A row is a recipe that includes another and some parts, as any recipe may.</summary>
    private static RecipeList Included(string recipe, StudyRowOptions row, RecipeOrigin place) =>
        new(place, [.. row.Include.Prepend(Path.GetFullPath(recipe)).Select(name => new RecipeScalar(place, name))]);

    private RecipeMap Overlaid(RecipeMap recipe, RecipeMap? set, IReadOnlyList<StudyRowOptions> rows)
    {
        foreach (RecipeEntry entry in set?.Entries ?? [])
        {
            if (DecidedHere(entry.Key, rows) is { } remedy)
            {
                throw new RecipeException($"{entry.KeyOrigin}: '{entry.Key}' does not belong into 'set', the study decides it: {remedy}");
            }
        }

        return set is null ? recipe : recipe.Overlay(set, typeof(Recipe));
    }

    private void CheckOverrides()
    {
        foreach (string assignment in _overrides)
        {
            if (DecidedHere(assignment.Split('=')[0].Trim().Split('.')[0], _options.Rows) is { } remedy)
            {
                throw new RecipeException($"--set {assignment}: the study {StudyName} decides that itself: {remedy}");
            }
        }
    }

    /// <summary>
    /// What to do in the place of setting, for some rows, what the study decides itself and would lay over that; null for other keys.
    /// </summary>
    private string? DecidedHere(string key, IReadOnlyList<StudyRowOptions> rows) => key switch
    {
        "output" => $"its runs go to {Folder}; --output names another place",
        "name" => "its rows have names of their own",
        RecipeSource.IncludeKey => "a row's 'include' takes parts in",
        "seed" when rows.All(row => (row.Seeds ?? _options.Seeds) is not null) => "it has 'seeds'; change them there",
        "teacher" when rows.Any(row => row.Teacher is not null) => "its rows name the row that teaches them; change that row, or its "
            + "recipe's keys",
        _ => null,
    };

    private static void CheckTaught(Recipe recipe, StudyRowOptions row, StudyRun teacher, RecipeMap tree, RecipeOrigin place)
    {
        if (recipe.Distillation.Count == 0)
        {
            throw new RecipeException($"{place}: the row '{row.Name}' has a teacher, but nothing that it teaches: its recipe needs "
                + "'distillation' (for instance include: ../_base/ld_per_positive.yaml)");
        }

        RecipeValidation.CheckTeacher(recipe, teacher.Recipe, tree);
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}_+-][\p{L}\p{Nd}_+.-]*\z")]
    private static partial Regex RowName();
}

using System.Globalization;
using Retort.Core.Options;
using Retort.Vision.Transforms;

namespace Retort.Recipes.Reading;

/// <summary>Turns the untyped tree of a recipe into typed option records, refusing whatever the records do not know.</summary>
internal static class RecipeBinder
{
    /// <summary>Binds a map to a record.</summary>
    /// <exception cref="RecipeException">An unknown key, a value of the wrong type or out of its range, or a required key that is
    /// missing.</exception>
    public static T Bind<T>(RecipeMap map, string path = "") => (T)BindRecord(map, typeof(T), path, null);

    private static object BindOptions(RecipeMap map, Type declared, Type? usual, string path, Choice? choice)
    {
        if (OptionKinds.Of(declared) is not { } kinds)
        {
            return BindRecord(map, RecordChoice.Of(declared, usual, map), path, choice);
        }

        if (map.Find(kinds.Key) is { } entry
            && (entry.Value as RecipeScalar is not { IsNull: false } name || kinds.Record(name.Text) is null))
        {
            string place = Join(path, kinds.Key), known = string.Join(", ", kinds.Names);
            throw new RecipeException(entry.Value is RecipeScalar { IsNull: false } given
                ? $"{entry.Value.Origin}: '{place}' cannot be {given.Kind}; it is one of {known}{NearHint(given.Text, kinds.Names)}"
                : $"{entry.Value.Origin}: '{place}' needs one of {known}, but {entry.Value.Kind} stands there");
        }

        Type record = RecordChoice.Of(declared, usual, map);
        return BindRecord(map.Without(kinds.Key), record, path, new Choice(kinds, record, path));
    }

    private static object BindRecord(RecipeMap map, Type type, string path, Choice? choice)
    {
        IReadOnlyList<OptionProperty> properties = OptionSchema.Of(type);
        object record = OptionSchema.Create(type);
        foreach (RecipeEntry entry in map.Entries)
        {
            OptionProperty property = properties.FirstOrDefault(p => p.Key == entry.Key) ?? throw UnknownKey(entry, type, path, choice);
            property.Set(record, BindProperty(entry.Value, property, property.Get(record)?.GetType(), Join(path, entry.Key), choice));
        }

        if (properties.FirstOrDefault(p => p.IsRequired && p.Get(record) is null) is { } missing)
        {
            throw new RecipeException($"{map.Origin}: '{Join(path, missing.Key)}' is missing; it has no default");
        }

        return record;
    }

    /// <summary>Keys that a file may have but a record has not, because they are resolved while reading.</summary>
    private static string[] KeysOfReading(Type type) =>
        type == typeof(Recipe) ? [RecipeSource.IncludeKey]
        : type == typeof(TeacherOptions) ? [RecipeSource.TeacherRecipeKey]
        : [];

    /// <summary>An option that another kind has is said to be that kind's; otherwise the nearest name may be what was meant.</summary>
    private static RecipeException UnknownKey(RecipeEntry entry, Type type, string path, Choice? choice)
    {
        string key = Join(path, entry.Key);
        if (choice is not null && choice.Others(key) is { Count: > 0 } others)
        {
            string place = Join(choice.Path, choice.Kinds.Key), noun = choice.Kinds.Key + (others.Count == 1 ? "" : "s");
            string all = others.Count == 1 ? others[0] : $"{string.Join(", ", others.SkipLast(1))} and {others[^1]}";
            return new RecipeException($"{entry.KeyOrigin}: '{key}' is for the {noun} {all}, and '{place}' is "
                + $"{choice.Kinds.Name(choice.Record)}; leave it out, or change that");
        }

        return new RecipeException($"{entry.KeyOrigin}: unknown key "
            + $"'{key}'{Spelling.Hint(entry.Key, [.. OptionSchema.Of(type).Select(p => p.Key), .. KeysOfReading(type)])}");
    }

    /// <summary>The nearest choice above a key.</summary>
    /// <param name="Kinds">What there is to choose from.</param>
    /// <param name="Record">What was chosen.</param>
    /// <param name="Path">Where.</param>
    private sealed record Choice(OptionKinds Kinds, Type Record, string Path)
    {
        /// <summary>The kinds that have an option.</summary>
        /// <param name="key">The option's whole key.</param>
        public IReadOnlyList<string> Others(string key)
        {
            string[] below = key[(Path.Length == 0 ? 0 : Path.Length + 1)..].Split('.');
            return [.. Kinds.Names.Where(name => RecordChoice.Has(Kinds.Record(name)!, below, null))];
        }
    }

    private static object? BindProperty(RecipeNode node, OptionProperty property, Type? usual, string path, Choice? choice)
    {
        if (node is RecipeScalar { IsNull: true })
        {
            return property.IsNullable ? null
                : throw new RecipeException($"{node.Origin}: '{path}' needs {Expected(property.Type)}, but nothing stands there");
        }

        if (property.ElementType is not { } elementType)
        {
            return BindValue(node, property.Type, property, usual, path, choice);
        }

        // One item may stand for a list of one, where nothing else could be meant.
        node = node is RecipeMap && OptionSchema.IsOptions(elementType) ? new RecipeList(node.Origin, [node]) : node;
        if (node is not RecipeList list)
        {
            throw WrongType(node, path, $"a list, such as [{Example(elementType)}]");
        }

        Array items = Array.CreateInstance(elementType, list.Items.Count);
        for (int i = 0; i < items.Length; i++)
        {
            items.SetValue(BindValue(list.Items[i], elementType, property, null, $"{path}.{i}", null), i);
        }

        return items;
    }

    private static object BindValue(RecipeNode node, Type type, OptionProperty property, Type? usual, string path, Choice? choice)
    {
        if (type == typeof(RecipeMap))
        {
            return node as RecipeMap ?? throw WrongType(node, path, "a map of keys");
        }

        if (OptionSchema.IsOptions(type))
        {
            return node is RecipeMap map ? BindOptions(map, type, usual, path, choice) : throw WrongType(node, path, Expected(type));
        }

        object value = type == typeof(ImageSize) ? BindSize(node, path) : BindScalar(node, type, path);
        CheckRange(node, value, property, path);
        return value;
    }

    private static object BindScalar(RecipeNode node, Type type, string path)
    {
        RecipeScalar scalar = node as RecipeScalar ?? throw WrongType(node, path, Expected(type));
        string? number = scalar.Quoted ? null : scalar.Text;
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(string))
        {
            return scalar.Text;
        }

        if (type.IsEnum)
        {
            return BindEnum(scalar, type, path);
        }

        return number switch
        {
            "true" when type == typeof(bool) => true,
            "false" when type == typeof(bool) => false,
            not null when type == typeof(int) && int.TryParse(number, NumberStyles.AllowLeadingSign, culture, out int whole) => whole,
            not null when type == typeof(long) && long.TryParse(number, NumberStyles.AllowLeadingSign, culture, out long whole) => whole,
            not null when type == typeof(double) && double.TryParse(number, NumberStyles.Float, culture, out double real)
                && double.IsFinite(real) => real,
            _ => throw WrongType(node, path, Expected(type)),
        };
    }

    private static object BindEnum(RecipeScalar scalar, Type type, string path)
    {
        string[] members = Enum.GetNames(type);
        string[] known = [.. members.Select(OptionNames.Value)];
        int index = Array.IndexOf(known, scalar.Text);
        return index >= 0
            ? Enum.Parse(type, members[index])
            : throw new RecipeException($"{scalar.Origin}: '{path}' cannot be {scalar.Kind}; it is one of "
                + $"{string.Join(", ", known)}{NearHint(scalar.Text, known)}");
    }

    private static string NearHint(string written, IReadOnlyList<string> known) =>
        Spelling.Nearest(written, known) is { } near ? $" (did you mean '{near}'?)" : "";

    private static ImageSize BindSize(RecipeNode node, string path)
    {
        if (node is RecipeList { Items: [RecipeScalar width, RecipeScalar height] }
            && BindScalar(width, typeof(int), path) is int w && BindScalar(height, typeof(int), path) is int h)
        {
            return new ImageSize(w, h);
        }

        throw WrongType(node, path, Expected(typeof(ImageSize)));
    }

    private static void CheckRange(RecipeNode node, object value, OptionProperty property, string path)
    {
        if (property.Problem(value) is { } problem)
        {
            throw new RecipeException($"{node.Origin}: '{path}' is {OptionRules.Text(value)}, but it {problem}");
        }
    }

    private static RecipeException WrongType(RecipeNode node, string path, string expected) =>
        new($"{node.Origin}: '{path}' needs {expected}, but {node.Kind} stands there");

    private static string Expected(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(string) ? "text"
        : type == typeof(ImageSize) ? "[width, height] in pixels"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(OptionNames.Value))}"
        : OptionSchema.IsOptions(type) ? "a map of keys"
        : "a list";

    private static string Example(Type type) =>
        type == typeof(string) ? "first, second"
        : type == typeof(ImageSize) ? "[1333, 800]"
        : type == typeof(int) ? "8, 11"
        : type == typeof(double) ? "0.5, 1.0"
        : "...";

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

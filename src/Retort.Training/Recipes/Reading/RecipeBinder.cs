using System.Globalization;
using Retort.Vision.Transforms;

namespace Retort.Training.Recipes.Reading;

/// <summary>Turns the untyped tree of a recipe into typed option records, refusing whatever the records do not know.</summary>
internal static class RecipeBinder
{
    /// <summary>Binds a map to a record.</summary>
    /// <exception cref="RecipeException">An unknown key, a value of the wrong type or out of its range, or a required key that is missing.</exception>
    public static T Bind<T>(RecipeMap map, string path = "") => (T)BindRecord(map, typeof(T), path);

    private static object BindRecord(RecipeMap map, Type type, string path)
    {
        IReadOnlyList<OptionProperty> properties = OptionSchema.Of(type);
        object record = OptionSchema.Create(type);
        foreach (RecipeEntry entry in map.Entries)
        {
            OptionProperty property = properties.FirstOrDefault(p => p.Key == entry.Key)
                ?? throw UnknownKey(entry, path, [.. properties.Select(p => p.Key), .. KeysOfReading(type)]);
            property.Set(record, BindProperty(entry.Value, property, Join(path, entry.Key)));
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

    private static RecipeException UnknownKey(RecipeEntry entry, string path, IReadOnlyList<string> known) =>
        new($"{entry.KeyOrigin}: unknown key '{Join(path, entry.Key)}'{Spelling.Hint(entry.Key, known)}");

    private static object? BindProperty(RecipeNode node, OptionProperty property, string path)
    {
        if (node is RecipeScalar { IsNull: true })
        {
            return property.IsNullable ? null : throw new RecipeException($"{node.Origin}: '{path}' needs {Expected(property.Type)}, but nothing stands there");
        }

        if (property.ElementType is not { } elementType)
        {
            return BindValue(node, property.Type, property, path);
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
            items.SetValue(BindValue(list.Items[i], elementType, property, $"{path}.{i}"), i);
        }

        return items;
    }

    private static object BindValue(RecipeNode node, Type type, OptionProperty property, string path)
    {
        if (OptionSchema.IsOptions(type))
        {
            return node is RecipeMap map ? BindRecord(map, type, path) : throw WrongType(node, path, Expected(type));
        }

        if (type == typeof(RecipeMap))
        {
            return node as RecipeMap ?? throw WrongType(node, path, "a map of keys");
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
            not null when type == typeof(double) && double.TryParse(number, NumberStyles.Float, culture, out double real) && double.IsFinite(real) => real,
            _ => throw WrongType(node, path, Expected(type)),
        };
    }

    private static object BindEnum(RecipeScalar scalar, Type type, string path)
    {
        string[] members = Enum.GetNames(type);
        string[] known = [.. members.Select(Names.Value)];
        int index = Array.IndexOf(known, scalar.Text);
        return index >= 0
            ? Enum.Parse(type, members[index])
            : throw new RecipeException($"{scalar.Origin}: '{path}' cannot be {scalar.Kind}; it is one of {string.Join(", ", known)}{NearHint(scalar.Text, known)}");
    }

    private static string NearHint(string written, string[] known) => Spelling.Nearest(written, known) is { } near ? $" (did you mean '{near}'?)" : "";

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
        if (property.Range is { } range && !Numbers(value).All(range.Contains))
        {
            throw new RecipeException($"{node.Origin}: '{path}' is {Text(value)}, but it must be {range.Describe()}");
        }

        if (property.Choices.Count > 0 && value is int choice && !property.Choices.Contains(choice))
        {
            throw new RecipeException($"{node.Origin}: '{path}' is {Text(value)}, but it must be one of {string.Join(", ", property.Choices)}");
        }
    }

    private static double[] Numbers(object value) => value switch
    {
        int whole => [whole],
        long whole => [whole],
        double real => [real],
        ImageSize size => [size.Width, size.Height],
        _ => [],
    };

    private static string Text(object value) => value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : $"{value}";

    private static RecipeException WrongType(RecipeNode node, string path, string expected) =>
        new($"{node.Origin}: '{path}' needs {expected}, but {node.Kind} stands there");

    private static string Expected(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(string) ? "text"
        : type == typeof(ImageSize) ? "[width, height] in pixels"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(Names.Value))}"
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

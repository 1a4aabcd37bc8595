using System.Xml.Linq;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>One option of a recipe, for a person.</summary>
/// <param name="Path">Its keys, such as <c>model.backbone.depth</c>; items of lists are written <c>[]</c>.</param>
/// <param name="Default">Its default as it would be written; <c>required</c>, or empty where there is none.</param>
/// <param name="Range">What it may be, in words.</param>
/// <param name="Meaning">One sentence or two.</param>
public sealed record RecipeOption(string Path, string Default, string Range, string Meaning);

/// <summary>
/// The list of all options. It is made of the option records themselves and of their documentation (the XML file beside the assembly), so
/// that it cannot differ from what is read.
/// </summary>
public static class RecipeReference
{
    /// <summary>Every option in the order of a canonical recipe; what has the same keys as something before refers to it.</summary>
    public static IReadOnlyList<RecipeOption> All() => [.. Below(typeof(Recipe), "", Documentation(), [])];

    private static IEnumerable<RecipeOption> Below(Type record, string path, Dictionary<string, XElement> documentation, Dictionary<Type, string> seen)
    {
        object defaults = OptionSchema.Create(record);
        foreach (OptionProperty property in OptionSchema.Of(record))
        {
            Type type = property.ElementType ?? property.Type;
            string place = path + property.Key;
            bool nested = OptionSchema.IsOptions(type);
            string meaning = documentation.TryGetValue($"P:{record.FullName}.{property.MemberName}", out XElement? summary) ? PlainText(summary) : "";
            string suffix = nested && property.ElementType is not null ? "[]" : "";
            bool repeated = nested && !seen.TryAdd(type, place);
            meaning += repeated ? $" Keys as in '{seen[type]}'." : "";
            yield return new RecipeOption(place + suffix, DefaultText(property, defaults, nested), RangeText(property, type), meaning);
            IEnumerable<RecipeOption> inner = nested && !repeated ? Below(type, $"{place}{suffix}.", documentation, seen) : [];
            foreach (RecipeOption option in inner)
            {
                yield return option;
            }
        }
    }

    private static string DefaultText(OptionProperty property, object defaults, bool nested)
    {
        if (property.IsRequired)
        {
            return "required";
        }

        return nested || property.Get(defaults) is not { } value || value is "" ? "" : RecipeWriter.WriteValue(value);
    }

    private static string RangeText(OptionProperty property, Type type) =>
        type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(Names.Value))
        : property.Choices.Count > 0 ? string.Join(", ", property.Choices)
        : property.Range?.Describe() ?? (type == typeof(bool) ? "true, false" : "");

    private static Dictionary<string, XElement> Documentation()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Retort.Training.xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").Where(m => m.Element("summary") is not null).ToDictionary(m => (string)m.Attribute("name")!, m => m.Element("summary")!)
            : [];
    }

    /// <summary>The text of a summary, with references written as the keys that they mean.</summary>
    private static string PlainText(XElement summary)
    {
        IEnumerable<string> parts = summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => Names.Key(((string)see.Attribute("cref")!).Split('.')[^1]),
            XElement element => element.Value,
            _ => node.ToString(),
        });
        return string.Join(' ', string.Concat(parts).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}

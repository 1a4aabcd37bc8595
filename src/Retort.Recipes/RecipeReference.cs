using System.Xml.Linq;
using Retort.Core.Options;
using Retort.Recipes.Reading;

namespace Retort.Recipes;

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
    private static readonly Lazy<Dictionary<string, XElement>> s_documentation = new(Documentation);

    /// <summary>
    /// Every option in the order of a canonical recipe; what has the same keys as something before refers to it. An option that only some
    /// kinds of a part have begins its meaning with their names.
    /// </summary>
    public static IReadOnlyList<RecipeOption> All() => [.. Below([new Variant([], typeof(Recipe))], "", [])];

    /// <summary>A record that may stand at a place.</summary>
    /// <param name="Kinds">The kinds, of the choice above it, that it goes with; empty if it does with all.</param>
    /// <param name="Record">The record.</param>
    private sealed record Variant(IReadOnlyList<string> Kinds, Type Record);

    /// <summary>The options of all records that may stand at a place.</summary>
    private static IEnumerable<RecipeOption> Below(IReadOnlyList<Variant> variants, string path, Dictionary<Type, string> seen)
    {
        foreach (string key in variants.SelectMany(v => OptionSchema.Of(v.Record).Select(p => p.Key)).Distinct())
        {
            (Variant Variant, OptionProperty Property)[] having =
                [.. variants.Select(v => (v, OptionSchema.Find(v.Record, key)!)).Where(pair => pair.Item2 is not null)];
            foreach (var same in having.GroupBy(pair => Row(pair.Variant.Record, pair.Property, path)))
            {
                string prefix = same.Count() == variants.Count ? "" : Prefix([.. same.SelectMany(pair => pair.Variant.Kinds)]);
                OptionProperty property = same.First().Property;
                Type declared = property.ElementType ?? property.Type;
                bool nested = OptionSchema.IsOptions(declared), repeated = nested && !seen.TryAdd(declared, same.Key.Path)
                    && seen[declared] != same.Key.Path;
                string again = repeated ? $" Keys as in '{seen[declared]}'." : "";
                yield return same.Key with { Meaning = prefix + same.Key.Meaning + again };
                foreach (RecipeOption option in nested && !repeated ? Inside([.. same], declared, same.Key.Path, prefix, seen) : [])
                {
                    yield return option;
                }
            }
        }
    }

    /// <summary>The options below an option.</summary>
    private static IEnumerable<RecipeOption> Inside(
        (Variant Variant, OptionProperty Property)[] same, Type declared, string place, string prefix, Dictionary<Type, string> seen)
    {
        if (OptionKinds.Of(declared) is not { } kinds)
        {
            Variant[] records =
            [
                .. same.GroupBy(pair => RecordChoice.Of(pair.Variant.Record, pair.Property, null))
                    .Select(group => new Variant([.. group.SelectMany(pair => pair.Variant.Kinds)], group.Key)),
            ];
            return Below(records, place + ".", seen);
        }

        Type usual = RecordChoice.Of(same[0].Variant.Record, same[0].Property, null);
        string meaning = string.Join(" ", kinds.Records.Select((record, k) => $"{kinds.Names[k]}: {Meaning("T:" + record.FullName)}"));
        var chosen = new RecipeOption($"{place}.{kinds.Key}", kinds.Name(usual)!, string.Join(", ", kinds.Names), prefix + meaning);
        return Below([.. kinds.Records.Select((record, k) => new Variant([kinds.Names[k]], record))], place + ".", seen).Prepend(chosen);
    }

    private static string Prefix(IReadOnlyList<string> kinds) => kinds.Count == 0 ? "" : $"{string.Join(", ", kinds)}: ";

    private static RecipeOption Row(Type record, OptionProperty property, string path)
    {
        Type type = property.ElementType ?? property.Type;
        bool nested = OptionSchema.IsOptions(type);
        string place = path + property.Key + (nested && property.ElementType is not null ? "[]" : "");
        return new RecipeOption(place, DefaultText(property, OptionSchema.Defaults(record), nested), RangeText(property, type),
            Meaning($"P:{property.DeclaringType.FullName}.{property.MemberName}"));
    }

    private static string Meaning(string member) =>
        s_documentation.Value.TryGetValue(member, out XElement? summary) ? PlainText(summary) : "";

    private static string DefaultText(OptionProperty property, object defaults, bool nested) =>
        property.IsRequired ? "required"
        : nested || property.Get(defaults) is not { } value || value is "" ? ""
        : RecipeWriter.WriteValue(value);

    private static string RangeText(OptionProperty property, Type type) =>
        type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(OptionNames.Value))
        : property.Choices.Count > 0 ? string.Join(", ", property.Choices)
        : property.Range?.Describe() ?? (type == typeof(bool) ? "true, false" : "");

    private static Dictionary<string, XElement> Documentation() => Directory.GetFiles(AppContext.BaseDirectory, "Retort.*.xml")
        .SelectMany(file => XDocument.Load(file).Descendants("member"))
        .Where(member => member.Element("summary") is not null)
        .DistinctBy(member => (string)member.Attribute("name")!)
        .ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary")!);

    /// <summary>The text of a summary, with references written as the keys that they mean.</summary>
    private static string PlainText(XElement summary)
    {
        IEnumerable<string> parts = summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => OptionNames.Key(((string)see.Attribute("cref")!).Split('.')[^1]),
            XElement element => element.Value,
            _ => node.ToString(),
        });
        return string.Join(' ', string.Concat(parts).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}

using Retort.Core;
using Retort.Core.Files;
using Retort.Core.Options;

namespace Retort.Recipes.Reading;

/// <summary>Reads recipe files with what they include, and lays overrides over them. The result is still untyped.</summary>
internal static class RecipeSource
{
    /// <summary>The key of the files that a recipe builds on.</summary>
    public const string IncludeKey = "include";

    /// <summary>The key below <c>teacher</c> of the recipe that the teacher was trained with.</summary>
    public const string TeacherRecipeKey = "recipe";

    /// <summary>What describes one recipe and does not pass to those that include it.</summary>
    private static readonly string[] OwnKeys = ["name", "description", "aliases", "paper", "published"];

    /// <summary>Reads a file and, below it, the files that it includes.</summary>
    /// <exception cref="RetortException">The file does not exist.</exception>
    /// <exception cref="RecipeException">A file is not a recipe, or includes itself by some way.</exception>
    public static RecipeMap Read(string path) => File.Exists(path)
        ? (RecipeMap)ListInheritance.Complete(Read(path, []))
        : throw new RetortException($"{path}: there is no such recipe; 'retort recipes' lists those that come with Retort");

    private static RecipeMap Read(string path, IReadOnlyList<string> includers)
    {
        string full = Path.GetFullPath(path);
        string source = Shown(full);
        return WithIncluded(RecipeFormat.ReadFile(UserFiles.ReadAllText(full), source), full, includers);
    }

    /// <summary>Puts what a map includes below it.</summary>
    /// <param name="own">The map.</param>
    /// <param name="full">The whole path of the file that it is from.</param>
    /// <param name="includers">The files that led there.</param>
    public static RecipeMap WithIncluded(RecipeMap own, string full, IReadOnlyList<string> includers)
    {
        if (own.Find(IncludeKey) is not { } include)
        {
            return own;
        }

        RecipeMap merged = new(own.Origin, []);
        foreach (RecipeScalar name in IncludedNames(include))
        {
            string included = RecipePlaces.Locate(name.Origin.Folder, EnvironmentReferences.Expand(name.Text, name.Origin));
            if (included == full || includers.Contains(included))
            {
                throw new RecipeException($"{name.Origin}: '{name.Text}' includes itself: "
                    + $"{string.Join(" -> ", includers.Append(full).Append(included).Select(Shown))}");
            }

            if (!File.Exists(included))
            {
                throw new RecipeException($"{name.Origin}: there is no file '{name.Text}' to include (looked for {Shown(included)}; the "
                    + $"path is relative to this file or to {RecipePlaces.Shipped}, the recipes that come with Retort)");
            }

            merged = merged.Overlay(Read(included, [.. includers, full]).Without(OwnKeys), typeof(Recipe));
        }

        return merged.Overlay(own.Without(IncludeKey), typeof(Recipe));
    }

    private static IEnumerable<RecipeScalar> IncludedNames(RecipeEntry include)
    {
        IReadOnlyList<RecipeNode> names = include.Value is RecipeList list ? list.Items : [include.Value];
        return names.Select(n => n is RecipeScalar { IsNull: false } name
            ? name
            : throw new RecipeException($"{n.Origin}: 'include' is a path or a list of paths, but {n.Kind} stands there"));
    }

    /// <summary>The path as a person near it would write it: relative to the current folder where that is shorter.</summary>
    public static string Shown(string fullPath)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), fullPath);
        return relative.Length < fullPath.Length ? relative : fullPath;
    }

    /// <summary>Lays <c>key.path=value</c> over a recipe; numbers in the path count the items of a list from 0.</summary>
    /// <exception cref="RecipeException">The text has no <c>=</c>, the value is not YAML, or the path leads nowhere.</exception>
    public static RecipeMap Override(RecipeMap recipe, string assignment)
    {
        int equals = assignment.IndexOf('=');
        var origin = new RecipeOrigin($"--set {assignment}", 0);
        string[] keys = equals > 0 ? assignment[..equals].Trim().Split('.') : [];
        if (keys.Length == 0 || keys.Any(string.IsNullOrWhiteSpace))
        {
            throw new RecipeException($"{origin}: write --set key.path=value, for instance --set schedule.epochs=24");
        }

        if (keys.Length > YamlReader.DeepestNesting)
        {
            throw new RecipeException(
                $"{keys[0]}...: --set goes {keys.Length} keys deep; recipes have at most {YamlReader.DeepestNesting} levels");
        }

        var place = new Place(typeof(Recipe), null, null);
        return (RecipeMap)Replace(recipe, keys, YamlReader.ReadValue(assignment[(equals + 1)..], origin.Source), origin, place);
    }

    /// <summary>What is known of a place in a recipe.</summary>
    /// <param name="Record">The record that a map there is bound to.</param>
    /// <param name="Owner">The record that has the value there.</param>
    /// <param name="Property">The property that has it.</param>
    private readonly record struct Place(Type? Record, Type? Owner, OptionProperty? Property)
    {
        public OptionKinds? Kinds => Property is null ? null : OptionKinds.Of(Property.Type);

        public Place Below(string key, RecipeNode? value)
        {
            OptionProperty? property = Record is null ? null : OptionSchema.Find(Record, key);
            bool options = property is not null && property.ElementType is null && OptionSchema.IsOptions(property.Type);
            return new Place(options ? RecordChoice.Of(Record!, property!, value as RecipeMap) : null, Record, property);
        }
    }

    private static RecipeNode Replace(RecipeNode node, ReadOnlySpan<string> keys, RecipeNode value, RecipeOrigin origin, Place place)
    {
        if (keys.IsEmpty)
        {
            return ListInheritance.Complete(RecipeMap.Merge(node, value, place.Owner, place.Property));
        }

        string key = keys[0];
        if (node is RecipeList list)
        {
            if (!int.TryParse(key, out int index) || index < 0 || index >= list.Items.Count)
            {
                throw new RecipeException($"{origin}: '{key}' is not an item of a list of {list.Items.Count}; items count from 0");
            }

            RecipeNode[] items = [.. list.Items];
            items[index] = Replace(items[index], keys[1..], value, origin, default);
            return list with { Items = items };
        }

        // A scalar on the way is replaced by a map: the binder says then, at the right place, that no such key is known.
        RecipeMap parent = node as RecipeMap ?? new RecipeMap(origin, []);
        if (keys.Length == 1 && place.Kinds is { ReplacesOthers: true } kinds && key == kinds.Key
            && RecordChoice.Named(kinds, parent) is { } old && value is RecipeScalar given && old != given.Text)
        {
            // Another type: what was written for the earlier one goes with it, as in 'include'.
            return new RecipeMap(origin, [new RecipeEntry(key, origin, value)]);
        }

        RecipeNode child = parent.Find(key)?.Value ?? new RecipeScalar(origin, "");
        return parent.With(new RecipeEntry(key, origin, Replace(child, keys[1..], value, origin, place.Below(key, child))));
    }
}

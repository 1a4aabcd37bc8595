using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Retort.Recipes.Reading;

/// <summary>Parses YAML text into <see cref="RecipeNode"/>s that know their line.</summary>
/// <remarks>
/// Only plain YAML is taken: one document, text keys, no anchors or tags. Sharing between recipes is what <c>include</c> is for.
/// </remarks>
internal static class YamlReader
{
    /// <summary>The deepest nesting of a recipe.</summary>
    public const int DeepestNesting = 32;

    /// <summary>Parses a whole recipe file; an empty one is an empty map.</summary>
    /// <exception cref="RecipeException">The text is not plain YAML or not a map.</exception>
    public static RecipeMap ReadMap(string text, string source)
    {
        RecipeNode? node = Read(text, source, hasLines: true);
        return node switch
        {
            null or RecipeScalar { IsNull: true } => new RecipeMap(new RecipeOrigin(source, 1), []),
            RecipeMap map => map,
            _ => throw new RecipeException($"{node.Origin}: this file should be a map of keys, but it holds {node.Kind}"),
        };
    }

    /// <summary>Parses one value as it would stand behind <c>key:</c>; every part of it gets the line 0, that is, no line.</summary>
    public static RecipeNode ReadValue(string text, string source) =>
        Read(text, source, hasLines: false) ?? new RecipeScalar(new RecipeOrigin(source, 0), "");

    private static RecipeNode? Read(string text, string source, bool hasLines)
    {
        var scanner = new Scanner(new StringReader(text));
        try
        {
            return new Walk(new Parser(scanner), source, hasLines).Document();
        }
        catch (YamlException e)
        {
            throw new RecipeException($"{new RecipeOrigin(source, hasLines ? (int)e.Start.Line : 0)}: not valid YAML: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // YamlDotNet reports some damaged texts, such as a brace without its pair, with exceptions that have no place.
            var origin = new RecipeOrigin(source, hasLines ? (int)scanner.CurrentPosition.Line : 0);
            throw new RecipeException($"{origin}: not valid YAML: look for a brace, bracket or quote without its pair, or a key without "
                + "': ', in this line or above", e);
        }
    }

    private sealed class Walk(IParser parser, string source, bool hasLines)
    {
        public RecipeNode? Document()
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            RecipeNode node = Node(depth: 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? node
                : throw Refuse(parser.Current!, "one recipe a file: there is a second YAML document here");
        }

        private RecipeOrigin Origin(ParsingEvent at) => new(source, hasLines ? (int)at.Start.Line : 0);

        private RecipeException Refuse(ParsingEvent at, string why) => new($"{Origin(at)}: {why}");

        private RecipeNode Node(int depth)
        {
            ParsingEvent at = parser.Current!;
            if (depth > DeepestNesting)
            {
                throw Refuse(at, $"nested deeper than {DeepestNesting} levels");
            }

            if (at is AnchorAlias || at is NodeEvent { Anchor.IsEmpty: false }
                || at is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            {
                throw Refuse(at, "recipes do not use YAML anchors, aliases or tags; share settings with 'include' instead");
            }

            return at switch
            {
                Scalar => Text(parser.Consume<Scalar>()),
                SequenceStart => List(depth),
                _ => Map(depth),
            };
        }

        private RecipeScalar Text(Scalar scalar) => new(Origin(scalar), scalar.Value, scalar.Style != ScalarStyle.Plain);

        private RecipeList List(int depth)
        {
            RecipeOrigin origin = Origin(parser.Consume<SequenceStart>());
            var items = new List<RecipeNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            return new RecipeList(origin, items);
        }

        private RecipeMap Map(int depth)
        {
            RecipeOrigin origin = Origin(parser.Consume<MappingStart>());
            var entries = new List<RecipeEntry>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                ParsingEvent at = parser.Current!;
                if (Node(depth + 1) is not RecipeScalar { IsNull: false } key)
                {
                    throw Refuse(at, "a key is plain text");
                }

                if (entries.FirstOrDefault(e => e.Key == key.Text) is { } earlier)
                {
                    throw Refuse(at, $"the key '{key.Text}' stands here a second time (first in line {earlier.KeyOrigin.Line}); keep one "
                        + "of them");
                }

                entries.Add(new RecipeEntry(key.Text, key.Origin, Node(depth + 1)));
            }

            return new RecipeMap(origin, entries);
        }
    }
}

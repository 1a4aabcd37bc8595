using Retort.Core.Options;
using Retort.Recipes.Reading;

namespace Retort.Recipes;

/// <summary>
/// The format of canonical recipes, which lie in checkpoints and run folders and must be read for as long as those exist. A recipe that a
/// person writes has no format: it is of this version of Retort.
/// </summary>
/// <remarks>
/// Format 1, without a mark, had one record for all kinds of a part: it wrote the options of every kind, whichever was chosen, and had a
/// kind of classification loss beside that of the detector. Format 2 has what the chosen kind has.
/// </remarks>
internal static class RecipeFormat
{
    /// <summary>The first line of a canonical recipe.</summary>
    public const string Mark = MarkBegins + "2\n";

    private const string MarkBegins = "# retort recipe, format ";

    /// <summary>The options of format 1 that it wrote whatever kind was chosen, below a model.</summary>
    private static readonly string[] s_ofSomeDetectors =
    [
        "backbone.groups", "backbone.baseWidth", "backbone.scales",
        "head.sideRange", "head.angleRange", "head.angles", "head.edgeSwap", "head.normFactor", "head.backgroundChannel", "head.quality",
        "priors.scalesPerOctave", "priors.ratios", "priors.allowedBorder",
        "assigner.positiveIou", "assigner.negativeIou", "assigner.leastIou", "assigner.unmatched", "assigner.ignoredIof",
            "assigner.centreRadius", "assigner.reach",
        "losses.classification.type", "losses.classification.beta", "losses.classification.alpha", "losses.classification.gamma",
        "losses.box.beta", "losses.box.form", "losses.box.divisor", "losses.centerness", "losses.distribution",
        "postProcessing.nms.decay", "postProcessing.nms.sigma", "postProcessing.nms.minScore",
        "postProcessing.nms.voteThreshold", "postProcessing.nms.distancePower", "postProcessing.nms.voteVariance",
    ];

    /// <summary>All of them, by their whole keys.</summary>
    private static readonly string[] s_ofSomeKinds =
    [
        .. s_ofSomeDetectors.Select(key => "model." + key),
        .. s_ofSomeDetectors.Select(key => "teacher.model." + key),
        "optimizer.momentum", "optimizer.betas",
    ];

    /// <summary>Keys that every recipe of format 1 has and no recipe that a person writes has all of.</summary>
    private static readonly string[] s_ofWholeRecipe =
        ["name", "data", "input", "loader", "model", "schedule", "optimizer", "ema", "evaluation", "log", "seed", "device", "threads",
            "output"];

    /// <summary>Reads a canonical text as a tree of the newest format.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">Where it is from.</param>
    /// <exception cref="RecipeException">It is not YAML, or of a newer format than this version of Retort knows.</exception>
    public static RecipeMap Read(string yaml, string source) => Newest(YamlReader.ReadMap(yaml, source), yaml, source);

    /// <summary>Reads the text of a file, which a person or a run wrote; what a run wrote becomes a tree of the newest format.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">The file.</param>
    /// <exception cref="RecipeException">It is not YAML, or of a newer format than this version of Retort knows.</exception>
    public static RecipeMap ReadFile(string yaml, string source)
    {
        RecipeMap tree = YamlReader.ReadMap(yaml, source);
        bool canonical = yaml.StartsWith(MarkBegins, StringComparison.Ordinal) || s_ofWholeRecipe.All(key => tree.Find(key) is not null);
        return canonical ? Newest(tree, yaml, source) : tree;
    }

    private static RecipeMap Newest(RecipeMap tree, string yaml, string source)
    {
        if (!yaml.StartsWith(MarkBegins, StringComparison.Ordinal))
        {
            return s_ofSomeKinds.Aggregate(tree, (map, key) => Upgrade(map, key.Split('.'), typeof(Recipe)));
        }

        string mark = yaml.Split('\n')[0].TrimEnd();
        return mark == Mark.TrimEnd()
            ? tree
            : throw new RecipeException(
                $"{source}: the recipe inside is of a newer format ({mark}) than this version of Retort knows; take a newer one");
    }

    /// <summary>Drops an option of format 1 where the kind that was chosen does not have it.</summary>
    private static RecipeMap Upgrade(RecipeMap map, ReadOnlySpan<string> keys, Type record)
    {
        if (keys.Length == 1)
        {
            return OptionSchema.Find(record, keys[0]) is null && OptionKinds.Above(record)?.Key != keys[0] ? map.Without(keys[0]) : map;
        }

        return map.Find(keys[0]) is { Value: RecipeMap inner } entry && OptionSchema.Find(record, keys[0]) is { } property
            ? map.With(entry with { Value = Upgrade(inner, keys[1..], RecordChoice.Of(record, property, inner)) })
            : map.Find(keys[0]) is not null && OptionSchema.Find(record, keys[0]) is null ? map.Without(keys[0]) : map;
    }
}

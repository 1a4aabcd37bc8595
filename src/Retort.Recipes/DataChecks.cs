using Retort.Core.Options;
using Retort.Vision.Transforms;

namespace Retort.Recipes;

/// <summary>Checks the data of a recipe, and what of it the detector must fit.</summary>
internal static class DataChecks
{
    /// <summary>Checks a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="problems">Receives the first problem.</param>
    /// <param name="mustHaveEffect">Of which options one without effect is refused.</param>
    public static void Check(Recipe recipe, OptionProblems problems, Predicate<string> mustHaveEffect)
    {
        DataOptions data = recipe.Data;
        CheckDataset(data, data.Train, problems.Below("data.train"));
        if (data.Val is { } val)
        {
            CheckDataset(data, val, problems.Below("data.val"));
            if (val.Repeat != 1)
            {
                problems.Refuse("data.val.repeat", $"'data.val.repeat' is {val.Repeat}, but each image is measured once; leave it out");
            }
        }

        if (data.Classes.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            problems.Refuse("data.classes", $"the class '{twice.Key}' stands twice in 'data.classes'");
        }

        CheckRotated(recipe, problems, mustHaveEffect);
    }

    private static void CheckRotated(Recipe recipe, OptionProblems problems, Predicate<string> mustHaveEffect)
    {
        if (recipe.Model.RotatedHead is { } head)
        {
            if (head.Angles != recipe.Data.Angles)
            {
                problems.Refuse(
                    "model.head.angles",
                    $"'model.head.angles' is {OptionNames.Value(head.Angles)} and 'data.angles' {OptionNames.Value(recipe.Data.Angles)}; "
                        + "give both the same");
            }

            return;
        }

        foreach ((string key, bool changed)
            in new[] { ("data.angles", recipe.Data.Angles != default),
            ("input.rotatedCentres", recipe.Input.RotatedCentres != MirrorRule.Exact) })
        {
            if (changed && mustHaveEffect(key))
            {
                problems.Refuse(key,
                    $"'{key}' is for rotated boxes, and 'model.detector' is {recipe.Model.Name}; leave it out, or change that");
            }
        }
    }

    private static void CheckDataset(DataOptions data, DatasetOptions set, OptionProblems problems)
    {
        if (set.Union.Count > 0 && set is not { Root: "", Annotations: null, Images: null, Split: null })
        {
            problems.Refuse(
                "union", $"{problems.Name("")} has both 'union' and a source of its own (root, annotations, images or split); name that "
                    + "source in the union");
        }

        if (set.Union.Distinct().Count() != set.Union.Count)
        {
            problems.Refuse("union",
                $"{problems.Name("union")} names the same source twice; to see its images more often use {problems.Name("repeat")}");
        }

        for (int k = 0; k < set.Sources.Count; k++)
        {
            CheckSource(data.Format, set.Sources[k], set.Union.Count > 0 ? problems.Below($"union.{k}") : problems);
        }
    }

    private static void CheckSource(DataFormat format, DataSourceOptions source, OptionProblems problems)
    {
        if (format == DataFormat.Voc)
        {
            CheckVoc(source, problems);
            return;
        }

        if (source.Annotations is null)
        {
            string wanted = format switch
            {
                DataFormat.Coco => "the JSON file of a COCO data set",
                DataFormat.Dota => "the folder of DOTA's label files",
                _ => "the folder of YOLO's label files",
            };
            problems.Refuse("", $"{problems.Name("annotations")} is missing: {wanted}");
        }

        if (source.Images is null)
        {
            problems.Refuse("", $"{problems.Name("images")} is missing: the folder of the images");
        }

        if (format == DataFormat.Coco && source.Split is not null)
        {
            problems.Refuse("split", $"{problems.Name("split")} is for the format voc; a COCO data set is split by its JSON files");
        }
    }

    private static void CheckVoc(DataSourceOptions source, OptionProblems problems)
    {
        if (source.Split is null)
        {
            problems.Refuse("", $"{problems.Name("split")} is missing: the list in ImageSets/Main, for instance train");
        }

        if (source.Annotations is not null || source.Images is not null)
        {
            problems.Refuse(
                "",
                $"{problems.Name("annotations")} and {problems.Name("images")} are for the format coco; a VOC data set has Annotations "
                    + "and JPEGImages below 'data.root'");
        }
    }
}

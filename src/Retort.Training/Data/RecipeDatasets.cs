using Retort.Training.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Training.Data;

/// <summary>Opens the data sets that a recipe names.</summary>
public static class RecipeDatasets
{
    /// <summary>What to train on: chosen, filtered and repeated as the recipe says.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="DatasetException">The data set cannot be used; the message names file, place and remedy.</exception>
    public static IDetectionDataset OpenTrain(Recipe recipe)
    {
        IDetectionDataset images = Open(recipe.Data, recipe.Data.Train);
        images = recipe.Loader.FilterEmpty ? SubsetDataset.WithObjects(images) : images;
        return recipe.Data.Train.Repeat > 1 ? new RepeatDataset(images, recipe.Data.Train.Repeat) : images;
    }

    /// <summary>What to measure with, or null where the recipe names nothing.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="DatasetException">The data set cannot be used.</exception>
    public static IDetectionDataset? OpenVal(Recipe recipe) => recipe.Data.Val is { } val ? Open(recipe.Data, val) : null;

    /// <summary>The images that one part of a recipe's data names, neither filtered nor repeated.</summary>
    /// <param name="data">Format, root and classes.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="DatasetException">The data set cannot be used.</exception>
    public static IDetectionDataset Open(DataOptions data, DatasetOptions part)
    {
        IDetectionDataset all = OpenAll(data, part, new DatasetReadOptions(), out _);
        return part.Subset is int count ? SubsetDataset.First(all, count) : all;
    }

    /// <summary>The whole data set that a part is taken from, and what was found while reading it.</summary>
    /// <param name="data">Format, root and classes.</param>
    /// <param name="part">The part.</param>
    /// <param name="options">How strictly to read; its classes are replaced by those of <paramref name="data"/>.</param>
    /// <param name="problems">What was found.</param>
    /// <exception cref="DatasetException">The data set cannot be used.</exception>
    public static IDetectionDataset OpenAll(DataOptions data, DatasetOptions part, DatasetReadOptions options, out DatasetProblems problems)
    {
        options = options with { Classes = data.Classes.Count > 0 ? data.Classes : null };
        switch (data.Format)
        {
            case DataFormat.Coco:
                CocoDataset coco = CocoDataset.Read(data.Locate(part.Annotations!), data.Locate(part.Images!), options);
                problems = coco.Problems;
                return coco;
            case DataFormat.Voc:
                VocDataset voc = VocDataset.Read(data.Root, part.Split!, options);
                problems = voc.Problems;
                return voc;
            default:
                throw new ArgumentOutOfRangeException(nameof(data), data.Format, "unknown format");
        }
    }
}

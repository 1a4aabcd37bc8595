using System.CommandLine;
using Retort.Cli.Progress;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Core.Text;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Recipes;
using Retort.Training.Regions;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;
using Retort.Vision.Loading;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset regions</c>: where a recipe trains and teaches, in numbers and drawn.</summary>
internal static class DatasetRegionsCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> recipe = RecipeOptions.Argument();
        Option<string[]> set = RecipeOptions.Set();
        Option<bool> val = DatasetPartOption.Option();
        Option<int> count = NumberOption.Whole("--count", "How many images to look at, spread evenly over the data set.", 100, 1);
        Option<int> drawn = NumberOption.Whole("--drawn", "How many of them, the first, to draw.", 4, 1, 100);
        Option<string> output = new("--output")
        {
            Description = "The image file to write, .jpg or .png.",
            DefaultValueFactory = _ => "regions.jpg",
            HelpName = "file"
        };
        var command = new DocumentedCommand(
            "regions",
            "Show where a recipe trains and teaches: how many priors of which level the main region, the valuable localization region "
                + "and those of its terms have, and which objects have none. Needs no network.",
            "retort dataset regions bccd/student_ld",
            "retort dataset regions own-data/dota/student --set data.root=FOLDER --set model.priors.octaveBaseScale=2 --drawn 8 --output "
                + "small.jpg")
        {
            recipe, set, val, count, drawn, output,
        };
        command.SetAction(parsed =>
        {
            OutputPath.RequirePicture(parsed.GetValue(output)!, "--output");
            Recipe loaded = RecipeOptions.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(set)!);
            IDetectionDataset dataset = terminal.Progress.While("reading the annotations",
                () => RecipeDatasets.Open(loaded.Data, DatasetPartOption.Of(loaded.Data, parsed.GetValue(val)),
                warn: terminal.Progress.Say));
            Run(terminal, loaded, SubsetDataset.Spread(dataset, parsed.GetValue(count)), parsed.GetValue(drawn), parsed.GetValue(output)!);
        });
        return command;
    }

    private static void Run(Terminal terminal, Recipe recipe, IDetectionDataset images, int drawn, string file)
    {
        var finder = new RegionFinder(recipe);
        IReadOnlyList<ImageRegions> found = Find(terminal, finder, LoaderBuilder.SingleImages(recipe, images, terminal.Progress.Say));
        using (Image sheet = RegionSheet.Draw(images, [.. found.Take(drawn)], finder))
        {
            ImageEncoder.Write(file, sheet);
        }

        RegionTable.Print(terminal, finder, found);
        terminal.Output.WriteLine($"{file}: {Quantity.Of(Math.Min(drawn, found.Count), "images")} with the cells of each region; the "
            + "coarser the level, the larger the dot");
    }

    private static List<ImageRegions> Find(Terminal terminal, RegionFinder finder, DataLoader loader)
    {
        var found = new List<ImageRegions>();
        using ProgressTask task = terminal.Progress.Start("looking", loader.BatchesPerEpoch, "images");
        foreach (ImageBatch batch in loader.Epoch(0))
        {
            using (batch)
            {
                found.Add(finder.Find(batch));
                task.Advance();
            }
        }

        return found;
    }
}

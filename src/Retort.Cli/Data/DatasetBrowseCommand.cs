using System.CommandLine;
using Retort.Cli.Progress;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Core.Text;
using Retort.Training.Data;
using Retort.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset browse</c>: pictures of a data set with its boxes, on one sheet.</summary>
internal static class DatasetBrowseCommand
{
    private const int CellWidth = 480;
    private const int Most = 1000;

    public static Command Create(Terminal terminal)
    {
        Argument<string> recipe = RecipeOptions.Argument();
        Option<string[]> set = RecipeOptions.Set();
        Option<bool> val = DatasetPartOption.Option();
        Option<int> count = NumberOption.Whole("--count", "How many images to show, spread evenly over the data set.", 12, 1, Most);
        Option<int> columns = NumberOption.Whole("--columns", "Images in a row.", 4, 1, Most);
        Option<string> output = new("--output")
        {
            Description = "The image file to write, .jpg or .png.",
            DefaultValueFactory = _ => "browse.jpg",
            HelpName = "file"
        };
        var command = new DocumentedCommand(
            "browse",
            "Draw images of a recipe's data with their boxes on one sheet.",
            "retort dataset browse bccd/student --count 8 --output cells.jpg")
        {
            recipe, set, val, count, columns, output,
        };
        command.SetAction(parsed =>
        {
            OutputPath.RequirePicture(parsed.GetValue(output)!, "--output");
            DataOptions data = RecipeOptions.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(set)!).Data;
            DatasetOptions part = DatasetPartOption.Of(data, parsed.GetValue(val));
            IDetectionDataset dataset = terminal.Progress.While("reading the annotations",
                () => RecipeDatasets.Read(data, part, new DatasetReadOptions()).Dataset);
            Draw(terminal, dataset, parsed.GetValue(count), parsed.GetValue(columns), parsed.GetValue(output)!);
        });
        return command;
    }

    private static void Draw(Terminal terminal, IDetectionDataset dataset, int count, int columns, string file)
    {
        SubsetDataset shown = SubsetDataset.Spread(dataset, count);
        var cells = new List<SheetCell>();
        try
        {
            using (ProgressTask task = terminal.Progress.Start("drawing", shown.Count, "images"))
            {
                for (int k = 0; k < shown.Count; k++)
                {
                    cells.Add(Cell(shown[k], shown.ClassNames));
                    task.Advance();
                }
            }

            using Image sheet = ContactSheet.Compose(cells, columns, cellWidth: CellWidth);
            ImageEncoder.Write(file, sheet);
        }
        finally
        {
            cells.ForEach(c => c.Image.Dispose());
        }

        terminal.Output.WriteLine(
            $"{file}: {shown.Count} of the {Quantity.Of(dataset.Count, "images")} of {dataset.Name} with their boxes");
    }

    private static SheetCell Cell(ImageRecord record, IReadOnlyList<string> classNames)
    {
        using Image image = ImageDecoder.Decode(record.Path);
        return new SheetCell(BoxPainter.Draw(image, DrawnBox.Truth(record), classNames), Path.GetFileName(record.Path));
    }
}

using System.CommandLine;
using Retort.Cli.Shell;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset</c>: what there is to do with data sets.</summary>
internal static class DatasetCommand
{
    public static Command Create(Terminal terminal) => new DocumentedCommand(
        "dataset",
        "Check a data set, look at it and at what a recipe trains in it, convert it, divide it into train and val, draw one, split large "
            + "images, or merge what was detected in the parts.",
        "retort dataset check own-data/student --set data.root=my-images")
    {
        DatasetCheckCommand.Create(terminal),
        DatasetBrowseCommand.Create(terminal),
        DatasetRegionsCommand.Create(terminal),
        DatasetConvertCommand.Create(terminal),
        DatasetDivideCommand.Create(terminal),
        DatasetSynthCommand.Create(terminal),
        DatasetSplitCommand.Create(terminal),
        DatasetMergeCommand.Create(terminal),
    };
}

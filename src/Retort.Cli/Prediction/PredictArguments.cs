using System.CommandLine;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;

namespace Retort.Cli.Prediction;

/// <summary>What <c>retort predict</c> takes.</summary>
internal sealed class PredictArguments
{
    private const double DefaultThreshold = 0.3;

    // As of 'dataset split'.
    private const int LeastSide = 16, MostSide = 16384;

    public Argument<string> Checkpoint { get; } = new("checkpoint") { Description = "A published file or a run's checkpoint." };

    public Argument<string[]> Pictures { get; } =
        new("pictures") { Description = "Pictures, and folders of pictures.", Arity = ArgumentArity.ZeroOrMore };

    public Option<string?> ImageInfo { get; } = new("--image-info")
    {
        Description = "In place of pictures: a test set without "
        + "annotations, as COCO's image_info_test-dev2017.json; writes what its server wants.",
        HelpName = "image_info.json"
    };

    public Option<string?> Images { get; } = new("--images") { Description = "The folder of that test set's images.", HelpName = "folder" };

    public Option<string?> Name { get; } =
        new("--name") { Description = "What the submission is called; by default as the recipe.", HelpName = "name" };

    public Option<string> Output { get; } = new("--output")
    {
        Description = "Where drawn pictures, as large as they are, and "
        + "predictions.json go; pictures that are there already are not looked at.",
        HelpName = "folder",
        DefaultValueFactory = _ =>
        "predictions"
    };

    public Option<double> Threshold { get; } =
        NumberOption.Share("--threshold",
        "Draw detections from this score on; the json has all from model.postProcessing.scoreThreshold on.", DefaultThreshold);

    public Option<bool> NoPictures { get; } = new("--no-pictures") { Description = "Write the json only, and draw nothing." };

    public Option<int?> Window { get; } = NumberOption.WholeIfGiven("--window", "Look at large pictures window by window: the side of "
        + "the windows in pixels. What is found is brought together by the detector's suppression.", "pixels", LeastSide, MostSide);

    public Option<int?> Gap { get; } =
        NumberOption.WholeIfGiven("--gap",
        "Least overlap of neighbouring windows in pixels, at least as much as the largest object; by default a fifth of the window.",
        "pixels", 0, MostSide - 1);

    public Option<string?> Task1 { get; } = new("--task1")
    {
        Description = "Rotated boxes: also write DOTA's result files, "
        + "Task1_CLASS.txt, into a folder or a .zip for its server.",
        HelpName = "folder|zip"
    };

    public Option<bool> Force { get; } = DetectionsPlace.Force("--task1");

    public Option<string[]> Set { get; } = RecipeOptions.Set();

    public Option<string?> Device { get; } = DeviceOption.Create();

    /// <summary>Adds them in the order in which the help shows them.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Checkpoint);
        command.Arguments.Add(Pictures);
        foreach (Option option in (Option[])[ImageInfo, Images, Name, Output, Threshold, NoPictures, Window, Gap, Task1, Force, Set,
            Device])
        {
            command.Options.Add(option);
        }
    }
}

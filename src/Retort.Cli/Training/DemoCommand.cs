using System.CommandLine;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;

namespace Retort.Cli.Training;

/// <summary><c>retort demo</c>: the main job from beginning to end on pictures that Retort draws itself.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string> folder = new("--output")
        {
            Description = "Where data, runs and images go.",
            HelpName = "folder",
            DefaultValueFactory = _ => Path.Combine("artifacts", "demo")
        };
        Option<bool> trainTeacher = new("--train-teacher")
        {
            Description = "Train the teacher too, instead of taking the one that comes "
            + "with Retort (some minutes more)."
        };
        Option<int> images = NumberOption.Whole("--images", "Images to train on; three tenths as many are drawn to measure with.",
            Demonstration.DefaultImages, 4, 100_000);
        Option<string[]> set = RecipeOptions.Set();
        var command = new DocumentedCommand(
            "demo",
            "Draw a data set, train a small detector by itself and with a teacher beside it, and show what the teacher was worth. "
                + "Continues where an earlier call was interrupted.",
            "retort demo",
            "retort demo --train-teacher --output my-demo")
        {
            folder, trainTeacher, images, set,
        };
        command.SetAction(parsed => new Demonstration(terminal, parsed.GetRequiredValue(folder), parsed.GetValue(images),
            parsed.GetValue(set)!).Run(parsed.GetValue(trainTeacher)));
        return command;
    }
}

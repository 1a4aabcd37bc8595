using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Training.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Cli.Commands;

/// <summary><c>retort train</c> and <c>retort distill</c>: a recipe becomes a trained detector.</summary>
internal static class TrainCommand
{
    public static Command CreateTrain(Terminal terminal) => Create(
        terminal,
        new DocumentedCommand(
            "train",
            "Train a detector as a recipe says. The run's folder gets the recipe, a log, the last and the best checkpoint.",
            "retort train bccd/student",
            "retort train own-data/teacher --set data.root=/data/mine --set schedule.epochs=24",
            "retort train bccd/student --resume"),
        recipe => Require(recipe.Teacher is null, $"the recipe '{recipe.Name}' has a teacher: run it with 'retort distill'"));

    public static Command CreateDistill(Terminal terminal) => Create(
        terminal,
        new DocumentedCommand(
            "distill",
            "Train a small detector with a trained large one beside it, as a recipe says.",
            "retort distill bccd/student_ld --set teacher.weights=runs/bccd/teacher/best.ckpt",
            "retort distill own-data/ld --set data.root=/data/mine"),
        recipe => Require(recipe.Teacher is not null && recipe.Distillation.Count > 0, $"the recipe '{recipe.Name}' has no teacher or no distillation terms: run it with 'retort train', or add them (docs/distillation.md)"));

    private static Command Create(Terminal terminal, DocumentedCommand command, Action<Recipe> check)
    {
        Argument<string> name = RecipeOptions.Recipe();
        Option<string[]> set = RecipeOptions.Set();
        Option<bool> resume = new("--resume") { Description = "Continue the run of this recipe exactly where its last checkpoint was written." };
        command.Add(name);
        command.Add(set);
        command.Add(resume);
        command.SetAction(parsed =>
        {
            Recipe recipe = RecipeOptions.Load(parsed.GetRequiredValue(name), parsed.GetValue(set)!);
            check(recipe);
            Run(terminal, recipe, parsed.GetValue(resume));
        });
        return command;
    }

    /// <summary>Runs a recipe to its end, or until the person interrupts it.</summary>
    public static TrainingState Run(Terminal terminal, Recipe recipe, bool resume)
    {
        RunFolder folder = resume && RunFolder.For(recipe).CanResume ? RunFolder.For(recipe) : RunFolder.Create(recipe);
        using TrainingSetup setup = TrainingSetup.Build(recipe, terminal.Progress.Say);
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler interrupt = (_, e) =>
        {
            // The first Ctrl-C ends the run after the step in progress; a second one ends the process.
            e.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        Console.CancelKeyPress += interrupt;
        try
        {
            return new TrainingRun(setup, folder, new ConsoleObserver(terminal, folder)).Execute(resume, stop.Token);
        }
        finally
        {
            Console.CancelKeyPress -= interrupt;
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new RecipeException(message);
        }
    }
}

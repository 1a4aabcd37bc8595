using System.CommandLine;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Recipes;
using Retort.Training.Building;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Cli.Training;

/// <summary>A recipe to run, and how.</summary>
/// <param name="Recipe">The recipe.</param>
internal sealed record RunRequest(Recipe Recipe)
{
    /// <summary>Whether to go on where its last checkpoint was written.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether to go on although the recipe is another one.</summary>
    public bool AllowChanges { get; init; }

    /// <summary>What a person does after an interruption.</summary>
    public string HowToContinue { get; init; } = "the same command with --resume continues";

    /// <summary>What keeps the time that the run takes.</summary>
    public RunClock? Clock { get; init; }
}

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
        recipe => Require(recipe.Teacher is not null && recipe.Distillation.Count > 0,
            $"the recipe '{recipe.Name}' has no teacher or no distillation terms: run it with 'retort train', or add them "
            + "(docs/distillation.md)"));

    private static Command Create(Terminal terminal, DocumentedCommand command, Action<Recipe> check)
    {
        Argument<string> name = RecipeOptions.Argument();
        Option<string[]> set = RecipeOptions.Set();
        Option<bool> resume = new("--resume")
        {
            Description = "Continue the run of this recipe exactly where its last checkpoint was "
            + "written; where it has none, begin it. A run named by --set name=... must be there."
        };
        Option<bool> allowChanges = AllowChanges();
        command.Add(name);
        command.Add(set);
        command.Add(resume);
        command.Add(allowChanges);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(allowChanges) && !parsed.GetValue(resume))
            {
                throw new RetortException("--allow-changes belongs to --resume: a run that begins has no other recipe before it");
            }

            string[] overrides = parsed.GetValue(set)!;
            Recipe recipe = RecipeOptions.Load(parsed.GetRequiredValue(name), overrides);
            check(recipe);
            if (parsed.GetValue(resume) && overrides.Any(o => o.Split('=')[0].Trim() == "name"))
            {
                RunFolder.RequireBegun(recipe);
            }

            using var stop = new StopSignals();
            TrainingState end = Run(terminal, new RunRequest(recipe)
            {
                Resume = parsed.GetValue(resume),
                AllowChanges = parsed.GetValue(allowChanges)
            }, stop.Token);
            return end.Epoch < recipe.Schedule.Epochs ? ExitCode.Interrupted : ExitCode.Success;
        });
        return command;
    }

    /// <summary>The option that permits to continue with another recipe.</summary>
    public static Option<bool> AllowChanges() => new("--allow-changes")
    {
        Description = "Continue although the recipe is not the one "
        + "that the run was started with."
    };

    /// <summary>Runs a recipe to its end, or until it is asked to stop; then the returned state is short of the schedule.</summary>
    public static TrainingState Run(Terminal terminal, RunRequest request, CancellationToken stop)
    {
        request = request with { Recipe = TeachingBuilder.WithModel(request.Recipe, ProcessSettings.Weights(terminal.Progress)) };
        using RunLock ours = RunLock.Take(RunFolder.For(request.Recipe).Path);
        using TrainingSetup setup = Prepare(terminal, request, ours);
        RunFolder folder = request.Resume ? RunFolder.Continue(request.Recipe, request.AllowChanges) : RunFolder.Create(request.Recipe);
        var observer = new ConsoleObserver(terminal, folder, request.HowToContinue);
        return new TrainingRun(setup, folder, request.Clock is { } clock ? new TimedObserver(observer, clock) : observer)
            .Execute(request.Resume, stop);
    }

    // A run that cannot begin leaves no folder behind that looks like one that has.
    private static TrainingSetup Prepare(Terminal terminal, RunRequest request, RunLock ours)
    {
        try
        {
            RunFolder folder = RunFolder.For(request.Recipe);
            if (request.Resume)
            {
                folder.RequireSame(request.Recipe, request.AllowChanges);
            }
            else
            {
                folder.RequireNew(request.Recipe);
            }

            using IDisposable wait = terminal.Progress.Wait("reading annotations and weights");
            ProcessSettings.UseThreads(request.Recipe);
            return TrainingSetup.Build(request.Recipe, ProcessSettings.Weights(terminal.Progress), terminal.Progress.Say);
        }
        catch
        {
            ours.Withdraw();
            throw;
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

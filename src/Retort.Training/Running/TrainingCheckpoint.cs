using Retort.Core;
using Retort.Core.Files;
using Retort.Distillation;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Torch.Optimizers;
using Retort.Recipes;
using Retort.Training.Runs;

namespace Retort.Training.Running;

/// <summary>
/// Checkpoints of a run, in PyTorch's zip format: <c>meta</c> (recipe, classes, epoch, iter), <c>state_dict</c> of the student alone,
/// <c>distillation_state_dict</c> of the layers that the distillation alone has, where there are any, <c>optimizer</c> in PyTorch's layout,
/// <c>ema_state_dict</c> where an average is kept, and <c>progress</c>. Written whole or not at all.
/// </summary>
public static class TrainingCheckpoint
{
    private const string DistillationKey = "distillation_state_dict";


    /// <summary>Writes everything that continuing exactly needs.</summary>
    /// <exception cref="RunException">The file cannot be written; the former one is still there.</exception>
    public static void Save(string path, TrainingSetup setup, TrainingState state)
    {
        var root = new CheckpointDictionary
        {
            ["meta"] = Meta(setup.Recipe, setup.ClassNames, state),
            ["state_dict"] = new StateDict(setup.Detector.SaveState()).ToValue(),
            ["optimizer"] = Write(setup.Optimizer.SaveState()),
            ["progress"] = Write(state),
        };
        if (TrainedBeside(setup) is { } distiller)
        {
            root[DistillationKey] = new StateDict(distiller.SaveState()).ToValue();
        }

        if (setup.Average is { } average)
        {
            root["ema_state_dict"] = new StateDict(average.SaveState()).ToValue();
            root["ema_updates"] = average.Updates;
        }

        Write(path, root);
    }

    /// <summary>What describes a network in any checkpoint that Retort writes.</summary>
    public static CheckpointDictionary Meta(Recipe recipe, IReadOnlyList<string> classNames, TrainingState state) => new()
    {
        ["retort_version"] = typeof(TrainingCheckpoint).Assembly.GetName().Version!.ToString(3),
        ["recipe"] = recipe.ToYaml(),
        ["CLASSES"] = new CheckpointList(classNames.Select(name => (CheckpointValue)name)),
        ["epoch"] = state.Epoch,
        ["iter"] = state.Iteration,
    };

    /// <summary>Restores weights, optimizer and average, and returns where the run stood.</summary>
    /// <exception cref="CheckpointException">The file is damaged, no checkpoint of a run, or was written by another network or
    /// optimizer.</exception>
    /// <exception cref="RetortException">The weights are another network's.</exception>
    public static TrainingState Load(string path, TrainingSetup setup)
    {
        using Checkpoint file = Checkpoint.Open(path);
        ModuleLoading.Load(setup.Detector, file.StateDict, path);
        if (TrainedBeside(setup) is { } distiller)
        {
            ModuleLoading.Load(distiller, new StateDict(ReadTensors(file, DistillationKey)), path);
        }

        Restore(path, "optimizer", () => setup.Optimizer.LoadState(ReadOptimizer(file.Get<CheckpointDictionary>("optimizer"))));
        if (setup.Average is { } average)
        {
            Restore(path, "ema_state_dict",
                () => average.LoadState(ReadTensors(file, "ema_state_dict"), (long)file.Get<CheckpointInteger>("ema_updates").Value));
        }

        return ReadProgress(file.Get<CheckpointDictionary>("progress"));
    }

    /// <summary>How far the run of a checkpoint had come.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or no checkpoint of a run.</exception>
    public static TrainingState ReadState(string path)
    {
        using Checkpoint file = Checkpoint.Open(path);
        return ReadProgress(file.Get<CheckpointDictionary>("progress"));
    }

    private static Distiller? TrainedBeside(TrainingSetup setup) =>
        setup.Teaching?.Distiller is { } distiller && distiller.NamedState().Any() ? distiller : null;

    private static Dictionary<string, StoredTensor> ReadTensors(Checkpoint file, string key) =>
        file.Get<CheckpointDictionary>(key).ToDictionary(e => ((CheckpointText)e.Key).Value, e => ((CheckpointTensor)e.Value).Value);

    // What belongs to another network or is of another kind than Retort writes is said with the file's name.
    private static void Restore(string path, string place, Action restore)
    {
        try
        {
            restore();
        }
        catch (Exception e) when (e is InvalidCastException || (e is RetortException and not CheckpointException))
        {
            string problem = e is InvalidCastException ? "a value is of another kind than Retort writes" : e.Message;
            throw new CheckpointException(path, place, problem,
                "resume with the recipe that the run was begun with (recipe.yaml in its folder), or begin anew under another name", e);
        }
    }

    private static void Write(string path, CheckpointDictionary root)
    {
        try
        {
            TorchFile.Write(path, root);
        }
        catch (UserFileException e)
        {
            throw new RunException($"{path}: the checkpoint cannot be written ({e.Reason}); the former one is as it was. Free some space "
                + "or permit writing there, then continue with --resume", e);
        }
    }

    private static CheckpointDictionary Write(TrainingState state)
    {
        var progress = new CheckpointDictionary
        {
            ["epoch"] = state.Epoch,
            ["batch"] = state.Batch,
            ["iteration"] = state.Iteration,
        };
        if (state is { BestMetric: { } metric, BestEpoch: { } epoch })
        {
            progress["best_metric"] = metric;
            progress["best_epoch"] = epoch;
        }

        return progress;
    }

    private static TrainingState ReadProgress(CheckpointDictionary progress)
    {
        long Integer(string key) => (long)(progress.Find<CheckpointInteger>(key)?.Value ?? 0);
        return new TrainingState(
            (int)Integer("epoch"),
            (int)Integer("batch"),
            Integer("iteration"),
            progress.Find<CheckpointReal>("best_metric")?.Value,
            (int?)progress.Find<CheckpointInteger>("best_epoch")?.Value);
    }

    private static CheckpointDictionary Write(OptimizerState optimizer)
    {
        var state = new CheckpointDictionary();
        foreach ((long index, IReadOnlyDictionary<string, StoredTensor> buffers) in optimizer.State)
        {
            var entry = new CheckpointDictionary();
            foreach ((string name, StoredTensor buffer) in buffers)
            {
                entry[name] = buffer;
            }

            state[index] = entry;
        }

        return new CheckpointDictionary
        {
            ["state"] = state,
            ["param_groups"] = new CheckpointList(optimizer.Groups.Select(WriteGroup)),
        };
    }

    private static CheckpointValue WriteGroup(IReadOnlyDictionary<string, object> group)
    {
        var written = new CheckpointDictionary();
        foreach ((string name, object value) in group)
        {
            written[name] = value switch
            {
                double number => number,
                bool flag => flag,
                long number => number,
                double[] list => new CheckpointList(list.Select(v => (CheckpointValue)v)),
                long[] list => new CheckpointList(list.Select(v => (CheckpointValue)v)),
                _ => throw new ArgumentException($"optimizer setting '{name}' is a {value.GetType().Name}, which checkpoints do not hold"),
            };
        }

        return written;
    }

    private static OptimizerState ReadOptimizer(CheckpointDictionary optimizer)
    {
        var state = new Dictionary<long, IReadOnlyDictionary<string, StoredTensor>>();
        foreach ((CheckpointValue index, CheckpointValue entry) in optimizer.Find<CheckpointDictionary>("state") ?? [])
        {
            state[(long)((CheckpointInteger)index).Value] =
                ((CheckpointDictionary)entry).ToDictionary(e => ((CheckpointText)e.Key).Value, e => ((CheckpointTensor)e.Value).Value);
        }

        IEnumerable<CheckpointValue> groups = optimizer.Find<CheckpointList>("param_groups") ?? new CheckpointList([]);
        return new OptimizerState(state, [.. groups.Cast<CheckpointDictionary>().Select(ReadGroup)]);
    }

    private static Dictionary<string, object> ReadGroup(CheckpointDictionary group) => group.ToDictionary(
        e => ((CheckpointText)e.Key).Value,
        object (e) => e.Value switch
        {
            CheckpointReal real => real.Value,
            CheckpointInteger integer => (long)integer.Value,
            CheckpointBoolean flag => flag.Value,
            CheckpointList list when list.All(v => v is CheckpointInteger) =>
                list.Select(v => (long)((CheckpointInteger)v).Value).ToArray(),
            CheckpointList list => list.Select(v => ((CheckpointReal)v).Value).ToArray(),
            _ => e.Value,
        });
}

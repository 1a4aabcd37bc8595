using System.Runtime.InteropServices;
using Retort.Core;
using Retort.Torch.Checkpoints;
using Retort.Torch.Native;

namespace Retort.Torch.Optimizers;

/// <summary>
/// Changes parameters by their gradients. A parameter without gradient is left alone, and its state is made on its first gradient.
/// Make it after the parameters are on their device; dispose it to free its state.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly double _weightDecay;

    private protected Optimizer(IEnumerable<ParameterGroup> groups, double learningRate, double weightDecay)
    {
        Groups = [.. groups];
        (LearningRate, _weightDecay) = (learningRate, weightDecay);
        Parameters = [.. Groups.SelectMany(group => group.Parameters)];
        if (Parameters.Distinct().Count() != Parameters.Length)
        {
            throw new ArgumentException("a parameter is in two groups", nameof(groups));
        }
    }

    /// <summary>The groups, in order.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>The learning rate before the groups' factors; schedules set it.</summary>
    public double LearningRate { get; set; }

    /// <summary>All parameters through the groups in order; the index is that of <see cref="OptimizerState.State"/>.</summary>
    private protected Tensor[] Parameters { get; }

    /// <summary>Updates every parameter that has a gradient, in one native call.</summary>
    public abstract void Step();

    /// <summary>Clears the gradients of all parameters.</summary>
    /// <param name="keepMemory">
    /// Writes zeros into them in place instead of dropping them. Then parameters that take no part in the next loss are still moved by
    /// weight decay and momentum.
    /// </param>
    public unsafe void ZeroGrad(bool keepMemory = false)
    {
        fixed (nint* handles = TensorHandles.Of(Parameters))
        {
            Bridge.Check(NativeMethods.retort_zero_grad(handles, Parameters.Length, keepMemory ? 1 : 0));
        }
    }

    /// <summary>Copies the state to the host.</summary>
    public OptimizerState SaveState()
    {
        var state = new Dictionary<long, IReadOnlyDictionary<string, StoredTensor>>();
        for (int k = 0; k < Parameters.Length; k++)
        {
            if (SaveParameter(k) is { Count: > 0 } saved)
            {
                state[k] = saved;
            }
        }

        int first = 0;
        var groups = new List<IReadOnlyDictionary<string, object>>();
        foreach (ParameterGroup group in Groups)
        {
            Dictionary<string, object> settings = new()
            {
                ["lr"] = LearningRate * group.LearningRateFactor,
                ["weight_decay"] = DecayOf(group),
            };
            SaveSettings(settings);
            settings["params"] = Enumerable.Range(first, group.Parameters.Count).Select(k => (long)k).ToArray();
            groups.Add(settings);
            first += group.Parameters.Count;
        }

        return new OptimizerState(state, groups);
    }

    /// <summary>
    /// Takes over saved state; the learning rate follows the first group's. Settings other than the learning rate stay those of the
    /// program, as they come from its configuration.
    /// </summary>
    /// <exception cref="RetortException">The state belongs to another set of parameters.</exception>
    public void LoadState(OptimizerState state)
    {
        long[] counts = [.. state.Groups.Select(group => group.TryGetValue("params", out object? indices) && indices is long[] list
            ? list.LongLength : -1)];
        if (!counts.SequenceEqual(Groups.Select(group => group.Parameters.LongCount())))
        {
            throw new RetortException($"the optimizer's state has groups of {string.Join(", ", counts)} parameters, the network has "
                + $"{string.Join(", ", Groups.Select(g => g.Parameters.Count))}: it was saved by another network or recipe");
        }

        using var noGrad = new NoGradScope();
        for (int k = 0; k < Parameters.Length; k++)
        {
            LoadParameter(k, state.State.TryGetValue(k, out IReadOnlyDictionary<string, StoredTensor>? saved) ? saved
                : new Dictionary<string, StoredTensor>());
        }

        if (Groups.Count > 0 && Groups[0].LearningRateFactor != 0 && state.Groups[0].TryGetValue("lr", out object? rate))
        {
            LearningRate = Convert.ToDouble(rate, System.Globalization.CultureInfo.InvariantCulture) / Groups[0].LearningRateFactor;
        }
    }

    /// <summary>Frees the state; the parameters belong to their modules.</summary>
    public void Dispose()
    {
        FreeState();
        GC.SuppressFinalize(this);
    }

    private protected abstract void FreeState();

    private protected abstract IReadOnlyDictionary<string, StoredTensor> SaveParameter(int index);

    private protected abstract void LoadParameter(int index, IReadOnlyDictionary<string, StoredTensor> saved);

    private protected abstract void SaveSettings(Dictionary<string, object> settings);

    private protected double DecayOf(ParameterGroup group) => group.WeightDecay ?? _weightDecay;

    /// <summary>Calls an action for every parameter with its index, learning rate and decay.</summary>
    private protected void ForEach(Action<int, double, double> action)
    {
        int index = 0;
        foreach (ParameterGroup group in Groups)
        {
            for (int k = 0; k < group.Parameters.Count; k++)
            {
                action(index++, LearningRate * group.LearningRateFactor, DecayOf(group));
            }
        }
    }

    /// <summary>Adopts a buffer that the native step made on a parameter's first gradient.</summary>
    private protected static void Adopt(ref Tensor? buffer, nint handle)
    {
        if (buffer is null && handle != 0)
        {
            buffer = Tensor.Own(handle).Detached();
        }
    }

    /// <summary>Replaces one buffer by a saved one (null: there is none), on the parameter's device.</summary>
    private protected static void Restore(ref Tensor? buffer, Tensor parameter, StoredTensor? saved, string name)
    {
        buffer?.Dispose();
        buffer = null;
        if (saved is null)
        {
            return;
        }

        using var scope = new TensorScope();
        Tensor fresh = parameter.Detach().ZerosLike();
        Modules.StateDictionaries.LoadInto(fresh, name, saved);
        buffer = fresh.Detached();
    }
}

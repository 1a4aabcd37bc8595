using Retort.Core;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Torch.Native;

namespace Retort.Torch.Optimizers;

/// <summary>
/// A running average of a module's parameters and buffers: average = d * average + (1 - d) * value after each step. Integer buffers are
/// copied. With a warm-up, d = min(decay, (1 + t) / (10 + t)) at update t, so that the random start is soon forgotten.
/// </summary>
public sealed class ExponentialMovingAverage : IDisposable
{
    private readonly (string Name, Tensor Tensor)[] _source;
    private readonly Tensor[] _values;
    private readonly Tensor[] _averages;
    private readonly double _decay;
    private readonly bool _warmUp;

    /// <summary>Starts from the module's present state. Make it after the module is on its device.</summary>
    /// <param name="module">What is averaged; it must outlive the average.</param>
    /// <param name="decay">d, in [0, 1).</param>
    /// <param name="warmUp">Whether d grows from small values.</param>
    public ExponentialMovingAverage(Module module, double decay = 0.9998, bool warmUp = true)
    {
        (_decay, _warmUp) = (decay, warmUp);
        _source = [.. module.NamedState()];
        _values = [.. _source.Select(entry => entry.Tensor)];
        using var noGrad = new NoGradScope();
        _averages = [.. _values.Select(value => value.Clone().Detached())];
    }

    /// <summary>Number of updates so far.</summary>
    public long Updates { get; private set; }

    /// <summary>Takes the module's present state into the average, in one native call.</summary>
    public unsafe void Update()
    {
        Updates++;
        double decay = _warmUp ? Math.Min(_decay, (1.0 + Updates) / (10.0 + Updates)) : _decay;
        fixed (nint* targets = TensorHandles.Of(_averages))
        fixed (nint* sources = TensorHandles.Of(_values))
        {
            Bridge.Check(NativeMethods.retort_lerp_many(targets, sources, _averages.Length, 1 - decay));
        }
    }

    /// <summary>Exchanges the module's state with the average's: call it to evaluate the average, and again to go on training.</summary>
    public void Swap()
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        for (int k = 0; k < _values.Length; k++)
        {
            Tensor held = _averages[k].Clone();
            _averages[k].CopyFrom(_values[k]);
            _values[k].Detach().CopyFrom(held);
        }
    }

    /// <summary>Copies the average to the host, named as the module's state.</summary>
    public IReadOnlyList<KeyValuePair<string, StoredTensor>> SaveState() =>
        [.. _source.Select((entry, k) => KeyValuePair.Create(entry.Name, _averages[k].ToStored()))];

    /// <summary>Restores what <see cref="SaveState"/> gave.</summary>
    /// <param name="state">Tensors by name; all of the module's names must be there.</param>
    /// <param name="updates">The value of <see cref="Updates"/> then.</param>
    /// <exception cref="RetortException">A name is missing, or a shape differs.</exception>
    public void LoadState(IReadOnlyDictionary<string, StoredTensor> state, long updates)
    {
        for (int k = 0; k < _averages.Length; k++)
        {
            string name = _source[k].Name;
            StoredTensor stored = state.TryGetValue(name, out StoredTensor? found)
                ? found
                : throw new RetortException($"the averaged state has no '{name}': it was saved by another network");
            StateDictionaries.LoadInto(_averages[k], name, stored);
        }

        Updates = updates;
    }

    /// <summary>Frees the average.</summary>
    public void Dispose()
    {
        foreach (Tensor average in _averages)
        {
            average.Dispose();
        }
    }
}

using Retort.Torch.Native;

namespace Retort.Torch.Compilation;

/// <summary>
/// Runs a network that needs no gradient faster on the processor. The first call with an input shape runs the network as it is, writes down
/// its operators and compiles them; every call answers with the compiled form: batch normalisation folded into convolutions, sums and ReLU
/// fused, Winograd convolutions, maps kept in a blocked layout, memory planned. Operators that the engine does not know are called as they
/// are. The results differ from the network's in the last digits only.
/// </summary>
/// <remarks>
/// The function must do the same operators for every input of one shape. On a GPU, with gradients, with another element type, or where the
/// network cannot be compiled, calls go to the function itself. Writing to parameters in place is noticed and compiles anew.
/// </remarks>
public sealed unsafe class CompiledNetwork : IDisposable
{
    private const int MaximumShapes = 64;
    private readonly Func<Tensor, IReadOnlyList<Tensor>> _forward;
    private readonly Dictionary<(long, long, long, long), (CompiledPlan Plan, long LastUse)> _plans = [];
    private readonly Dictionary<Tensor, nint> _constants = [];
    private readonly int _lanes;
    private FoldedWeights _weights = new();
    private nint _engine;
    private long _versions;
    private long _calls;

    /// <summary>Makes a runner of a function from images [N, C, H, W] to maps.</summary>
    /// <param name="forward">The network in evaluation mode; its parameters must outlive the runner.</param>
    public CompiledNetwork(Func<Tensor, IReadOnlyList<Tensor>> forward)
        : this(forward, int.MaxValue)
    {
    }

    /// <summary>As the other, with vectors of at most so many floats.</summary>
    internal CompiledNetwork(Func<Tensor, IReadOnlyList<Tensor>> forward, int lanes) => (_forward, _lanes) = (forward, lanes);

    /// <summary>Why the network cannot be compiled, or null: calls then go to the function itself.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Input shapes that are compiled now.</summary>
    public int CompiledShapes => _plans.Count;

    /// <summary>Runs the network. The results belong to the current scope.</summary>
    public IReadOnlyList<Tensor> Forward(Tensor images)
    {
        bool suits = Refusal is null && images is { Type: ScalarType.Float32, Dim: 4 } && images.Device.Type == DeviceType.Cpu
            && NativeMethods.retort_grad_mode_get() == 0;
        if (!suits)
        {
            return _forward(images);
        }

        if (_plans.Count > 0 && (ConstantsMoved() || Versions() != _versions))
        {
            Clear();
        }

        long[] s = images.Shape;
        var key = (s[0], s[1], s[2], s[3]);
        if (!_plans.TryGetValue(key, out var known))
        {
            return Compile(images, key);
        }

        _plans[key] = known with { LastUse = ++_calls };
        return known.Plan.Run(images);
    }

    /// <summary>Frees the compiled forms.</summary>
    public void Dispose()
    {
        Clear();
        _weights.Dispose();
    }

    private IReadOnlyList<Tensor> Compile(Tensor images, (long, long, long, long) key)
    {
        IReadOnlyList<Tensor> results;
        int[] values;
        OperatorRecorder recording;
        using (recording = new OperatorRecorder(images))
        {
            results = _forward(images);
            values = [.. results.Select(recording.ValueOf)];
        }

        Refusal = recording.Failure;
        if (Refusal is null)
        {
            TryBuild(recording, values, key);
        }

        // The compiled form answers the first call too: a result must not depend on what was run before, or a resumed run would
        // differ from an uninterrupted one in the last digits.
        return _plans.TryGetValue(key, out var built) ? built.Plan.Run(images) : results;
    }

    private void TryBuild(OperatorRecorder recording, int[] values, (long, long, long, long) key)
    {
        try
        {
            var graph = new GraphBuilder(recording, values);
            if (_engine == 0)
            {
                Bridge.Check(NativeMethods.retort_engine_new(_lanes, out _engine));
            }

            MakeRoom();
            _plans[key] = (CompiledPlan.Build(_engine, graph, recording, values, _weights), ++_calls);
            foreach (Tensor constant in graph.Constants)
            {
                _constants[constant] = constant.Handle;
            }

            _versions = Versions();
        }
        catch (Exception e) when (e is TorchException or TorchMemoryException)
        {
            Refusal = e.Message;
        }
    }

    private void MakeRoom()
    {
        if (_plans.Count >= MaximumShapes)
        {
            var oldest = _plans.MinBy(entry => entry.Value.LastUse);
            oldest.Value.Plan.Dispose();
            _plans.Remove(oldest.Key);
        }
    }

    private bool ConstantsMoved() => _constants.Any(entry => entry.Key.IsDisposed || entry.Key.Handle != entry.Value);

    private long Versions()
    {
        nint[] handles = [.. _constants.Values];
        fixed (nint* first = handles)
        {
            return NativeMethods.retort_tensor_versions(first, handles.Length);
        }
    }

    private void Clear()
    {
        foreach (var entry in _plans.Values)
        {
            entry.Plan.Dispose();
        }

        _plans.Clear();
        _constants.Clear();
        _weights.Dispose();
        _weights = new FoldedWeights();
        NativeMethods.retort_engine_free(_engine);
        _engine = 0;
    }
}

using Retort.Torch.Checkpoints;
using Retort.Torch.Native;

namespace Retort.Torch.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum, as PyTorch's SGD: d = gradient + decay * p; buffer = momentum * buffer + d;
/// p -= rate * buffer (Nesterov: p -= rate * (d + momentum * buffer)).
/// </summary>
public sealed class Sgd : Optimizer
{
    private const string BufferName = "momentum_buffer";
    private readonly Tensor?[] _buffers;
    private readonly SgdEntry[] _entries;
    private readonly double _momentum;
    private readonly bool _nesterov;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">The parameters, in groups.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="momentum">Share of the former step that is kept, in [0, 1); 0 keeps no buffers.</param>
    /// <param name="weightDecay">L2 decay of groups without their own, at least 0.</param>
    /// <param name="nesterov">Nesterov's variant.</param>
    public Sgd(IEnumerable<ParameterGroup> groups, double learningRate, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : base(groups, learningRate, weightDecay)
    {
        (_momentum, _nesterov) = (momentum, nesterov);
        _buffers = new Tensor?[Parameters.Length];
        _entries = new SgdEntry[Parameters.Length];
    }

    /// <summary>Makes the optimizer of one group.</summary>
    public Sgd(IEnumerable<Tensor> parameters, double learningRate, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : this([new ParameterGroup([.. parameters])], learningRate, momentum, weightDecay, nesterov)
    {
    }

    /// <inheritdoc/>
    public override unsafe void Step()
    {
        ForEach((k, rate, decay) => _entries[k] = new SgdEntry
        {
            Parameter = Parameters[k].Handle,
            MomentumBuffer = _buffers[k]?.Handle ?? 0,
            Rate = rate,
            Decay = decay,
        });
        fixed (SgdEntry* entries = _entries)
        {
            int status = NativeMethods.retort_sgd_step(entries, _entries.Length, _momentum, _nesterov ? 1 : 0);
            for (int k = 0; k < _entries.Length; k++)
            {
                Adopt(ref _buffers[k], _entries[k].MomentumBuffer);
            }

            Bridge.Check(status);
        }
    }

    private protected override void FreeState()
    {
        foreach (Tensor? buffer in _buffers)
        {
            buffer?.Dispose();
        }
    }

    private protected override IReadOnlyDictionary<string, StoredTensor> SaveParameter(int index) =>
        _buffers[index] is { } buffer ? new Dictionary<string, StoredTensor> { [BufferName] = buffer.ToStored() } : [];

    private protected override void LoadParameter(int index, IReadOnlyDictionary<string, StoredTensor> saved) =>
        Restore(ref _buffers[index], Parameters[index], saved.GetValueOrDefault(BufferName), $"optimizer state {index}.{BufferName}");

    private protected override void SaveSettings(Dictionary<string, object> settings)
    {
        settings["momentum"] = _momentum;
        settings["dampening"] = 0.0;
        settings["nesterov"] = _nesterov;
        settings["maximize"] = false;
    }
}

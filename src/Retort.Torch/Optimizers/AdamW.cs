using Retort.Torch.Checkpoints;
using Retort.Torch.Native;

namespace Retort.Torch.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), as PyTorch's AdamW.</summary>
public sealed class AdamW : Optimizer
{
    private const string MeanName = "exp_avg";
    private const string SquareName = "exp_avg_sq";
    private const string StepName = "step";
    private readonly Tensor?[] _means;
    private readonly Tensor?[] _squares;
    private readonly long[] _steps;
    private readonly AdamWEntry[] _entries;
    private readonly (double Mean, double Square) _betas;
    private readonly double _epsilon;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">The parameters, in groups.</param>
    /// <param name="learningRate">Step size, at least 0.</param>
    /// <param name="weightDecay">Decay of groups without their own, at least 0; multiplied by the learning rate.</param>
    /// <param name="beta1">Share kept of the gradients' running mean, in [0, 1).</param>
    /// <param name="beta2">Share kept of the squared gradients' running mean, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the squares' mean.</param>
    public AdamW(IEnumerable<ParameterGroup> groups, double learningRate = 1e-3, double weightDecay = 1e-2, double beta1 = 0.9,
        double beta2 = 0.999, double epsilon = 1e-8)
        : base(groups, learningRate, weightDecay)
    {
        (_betas, _epsilon) = ((beta1, beta2), epsilon);
        (_means, _squares) = (new Tensor?[Parameters.Length], new Tensor?[Parameters.Length]);
        (_steps, _entries) = (new long[Parameters.Length], new AdamWEntry[Parameters.Length]);
    }

    /// <summary>Makes the optimizer of one group.</summary>
    public AdamW(IEnumerable<Tensor> parameters, double learningRate = 1e-3, double weightDecay = 1e-2, double beta1 = 0.9,
        double beta2 = 0.999, double epsilon = 1e-8)
        : this([new ParameterGroup([.. parameters])], learningRate, weightDecay, beta1, beta2, epsilon)
    {
    }

    /// <inheritdoc/>
    public override unsafe void Step()
    {
        ForEach((k, rate, decay) => _entries[k] = new AdamWEntry
        {
            Parameter = Parameters[k].Handle,
            Mean = _means[k]?.Handle ?? 0,
            Square = _squares[k]?.Handle ?? 0,
            Step = _steps[k],
            Rate = rate,
            Decay = decay,
        });
        fixed (AdamWEntry* entries = _entries)
        {
            int status = NativeMethods.retort_adamw_step(entries, _entries.Length, _betas.Mean, _betas.Square, _epsilon);
            for (int k = 0; k < _entries.Length; k++)
            {
                Adopt(ref _means[k], _entries[k].Mean);
                Adopt(ref _squares[k], _entries[k].Square);
                _steps[k] = _entries[k].Step;
            }

            Bridge.Check(status);
        }
    }

    private protected override void FreeState()
    {
        foreach (Tensor? buffer in _means.Concat(_squares))
        {
            buffer?.Dispose();
        }
    }

    // PyTorch keeps the step as a float scalar.
    private protected override IReadOnlyDictionary<string, StoredTensor> SaveParameter(int index) =>
        _means[index] is { } mean && _squares[index] is { } square
        ? new Dictionary<string, StoredTensor>
        {
            [StepName] = new StoredTensor(ScalarType.Float32, [], BitConverter.GetBytes((float)_steps[index])),
            [MeanName] = mean.ToStored(),
            [SquareName] = square.ToStored(),
        }
        : [];

    private protected override void LoadParameter(int index, IReadOnlyDictionary<string, StoredTensor> saved)
    {
        Restore(ref _means[index], Parameters[index], saved.GetValueOrDefault(MeanName), $"optimizer state {index}.{MeanName}");
        Restore(ref _squares[index], Parameters[index], saved.GetValueOrDefault(SquareName), $"optimizer state {index}.{SquareName}");
        _steps[index] = saved.TryGetValue(StepName, out StoredTensor? step) ? (long)step.As<float>()[0] : 0;
    }

    private protected override void SaveSettings(Dictionary<string, object> settings)
    {
        settings["betas"] = new[] { _betas.Mean, _betas.Square };
        settings["eps"] = _epsilon;
        settings["amsgrad"] = false;
        settings["maximize"] = false;
    }
}

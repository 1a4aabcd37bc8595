namespace Retort.Torch.Modules;

/// <summary>
/// Batch normalisation with running statistics. Parameters weight, bias [C]; buffers running_mean, running_var [C] and
/// num_batches_tracked (int64, []).
/// </summary>
public sealed class BatchNorm2d : Layer
{
    private readonly double _momentum;

    /// <summary>Makes the layer: weight and running variance one, the rest zero.</summary>
    public BatchNorm2d(int channels, double epsilon = 1e-5, double momentum = 0.1)
    {
        (Epsilon, _momentum) = (epsilon, momentum);
        Weight = RegisterParameter("weight", Tensor.Ones([channels]));
        Bias = RegisterParameter("bias", Tensor.Zeros([channels]));
        RunningMean = RegisterBuffer("running_mean", Tensor.Zeros([channels]));
        RunningVariance = RegisterBuffer("running_var", Tensor.Ones([channels]));
        BatchesTracked = RegisterBuffer("num_batches_tracked", Tensor.Zeros([], ScalarType.Int64));
    }

    /// <summary>Gain, [C].</summary>
    public Tensor Weight { get; }

    /// <summary>Offset, [C].</summary>
    public Tensor Bias { get; }

    /// <summary>[C].</summary>
    public Tensor RunningMean { get; }

    /// <summary>[C].</summary>
    public Tensor RunningVariance { get; }

    /// <summary>Batches that entered the running statistics: int64, [].</summary>
    public Tensor BatchesTracked { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>Uses the running statistics even in training mode (the usual setting when detectors are fine-tuned).</summary>
    public bool StatisticsFrozen { get; set; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        bool training = IsTraining && !StatisticsFrozen;
        if (training)
        {
            using var noGrad = new NoGradScope();
            BatchesTracked.AddInPlace(1);
        }

        return Functional.BatchNorm(input, Weight, Bias, RunningMean, RunningVariance, training, _momentum, Epsilon);
    }
}

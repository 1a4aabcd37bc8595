using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Optimizers;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Vision.Loading;

namespace Retort.Training.Running;

/// <summary>
/// One step of training: forward, losses, backward, and the update (of the average too, where one is kept) where every number is finite.
/// </summary>
public sealed class TrainingStep(
    DenseDetector detector, TeachingPair? teaching, Optimizer optimizer, double? gradientClip, Device device,
        ExponentialMovingAverage? average = null)
{
    private readonly Tensor[] _parameters =
        [.. detector.NamedParameters().Concat(teaching?.Distiller.NamedParameters() ?? []).Select(p => p.Tensor)
            .Where(t => t.RequiresGrad)];

    /// <summary>Whether the last step failed within its update: some weights are then of before and some of after it.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Trains on one batch. Where a loss or the gradient is not finite, the weights stay as they were.</summary>
    public StepValues Run(ImageBatch batch, double learningRate)
    {
        using var scope = new TensorScope();
        return Run(BatchTensors.Images(batch, device), BatchTensors.Targets(batch), learningRate);
    }

    /// <summary>Trains on one batch of normalised images [N, 3, H, W] that lie on the device.</summary>
    public StepValues Run(Tensor images, IReadOnlyList<ImageTargets> targets, double learningRate)
    {
        using var scope = new TensorScope();
        (IReadOnlyList<LossTerm> terms, int positives) = Losses(images, targets);
        Tensor total = terms.Select(t => t.Value).Aggregate((a, b) => a + b);
        optimizer.ZeroGrad();
        total.Backward();
        Tensor norm = gradientClip is { } limit ? GradientClipping.ByNorm(_parameters, limit) : GradientClipping.Norm(_parameters);

        // The only read-back of a step: all numbers at once, after everything has been queued.
        double[] values = Tensor.Stack([.. terms.Select(t => t.Value.Detach()), total.Detach(), norm]).ToArray<double>();
        var result = new StepValues([.. terms.Select((t, k) => KeyValuePair.Create(t.Name, values[k]))], values[^2], values[^1], positives);
        if (result.IsFinite)
        {
            IsTorn = true;
            optimizer.LearningRate = learningRate;
            optimizer.Step();
            average?.Update();
            IsTorn = false;
        }

        return result;
    }

    private (IReadOnlyList<LossTerm> Terms, int Positives) Losses(Tensor images, IReadOnlyList<ImageTargets> targets)
    {
        // The teacher goes first: its intermediate maps are gone before the student's, which must be kept for the gradient, are made.
        DenseOutput? taught = teaching is null ? null : TeacherOutput(teaching.Compiled, images);
        DenseOutput output = detector.Forward(images);
        BatchAssignment assignment = detector.Assigner.Assign([.. output.Levels.Select(l => (l.Height, l.Width))], targets, device);
        IReadOnlyList<LossTerm> own = detector.Losses(output, assignment);
        IReadOnlyList<LossTerm> terms = taught is null ? own : [.. own, .. teaching!.Distiller.Compute(output, taught, assignment)];
        return (terms, assignment.Positives.Count);
    }

    private static DenseOutput TeacherOutput(CompiledDetector teacher, Tensor images)
    {
        using var noGrad = new NoGradScope();
        return teacher.Forward(images);
    }
}

using Retort.Core.Options;

namespace Retort.Recipes;

/// <summary>How long to train and how the learning rate changes.</summary>
public sealed record ScheduleOptions : IOptionsTogether
{
    /// <summary>Times that training goes through the data.</summary>
    [Within(1, 10_000)]
    public int Epochs { get; init; } = 12;

    /// <summary>The learning rate is multiplied by <see cref="Gamma"/> after each of these epochs.</summary>
    [Within(1, 10_000)]
    public IReadOnlyList<int> Steps { get; init; } = [8, 11];

    /// <summary>The factor at a step.</summary>
    [Within(0, 1, Above = true)]
    public double Gamma { get; init; } = 0.1;

    /// <summary>How the learning rate starts.</summary>
    public WarmupOptions Warmup { get; init; } = new();

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Steps.Zip(Steps.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            problems.Refuse("steps", $"{problems.Name("steps")} must ascend");
        }

        if (Steps.Any(step => step >= Epochs))
        {
            problems.Refuse(
                "steps",
                $"{problems.Name("steps")} is [{string.Join(", ", Steps)}], which {problems.Name("epochs")} ({Epochs}) does not reach; "
                    + $"add {ScheduleAdvice.Remedy(this)} "
                + "(in a recipe schedule: {steps: [...]}), or change the epochs");
        }
    }
}

/// <summary>How the learning rate starts.</summary>
public sealed record WarmupOptions
{
    /// <summary>The shape of the rise.</summary>
    public WarmupKind Type { get; init; } = WarmupKind.Linear;

    /// <summary>Steps until the full rate.</summary>
    [Within(0, 10_000_000)]
    public int Iterations { get; init; } = 500;

    /// <summary>
    /// The warm-up takes at most this share of all steps, for small data. Without it always as many as <see cref="Iterations"/>.
    /// </summary>
    [Within(0, 1)]
    public double? MaximumShare { get; init; }

    /// <summary>The part of the full rate that the first step has.</summary>
    [Within(0, 1)]
    public double Ratio { get; init; } = 0.001;
}

/// <summary>The shape of the warm-up.</summary>
public enum WarmupKind
{
    /// <summary>The rate rises in a straight line.</summary>
    Linear,

    /// <summary>The rate stays at its part until the warm-up ends.</summary>
    Constant,

    /// <summary>The full rate from the first step on.</summary>
    None,
}

/// <summary>How a gradient becomes a step.</summary>
[Kind("sgd", typeof(SgdOptions))]
[Kind("adamw", typeof(AdamWOptions))]
public abstract record OptimizerOptions
{
    /// <summary>The learning rate, for a batch of <see cref="BaseBatchSize"/> images where that is given.</summary>
    [Within(0, 100)]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>
    /// The linear rule: the learning rate is for so many images a step and is scaled to the batch. Without it the rate is taken as it is.
    /// </summary>
    [Within(1, 65536)]
    public int? BaseBatchSize { get; init; }

    /// <summary>The weight decay (L2).</summary>
    [Within(0, 10)]
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>The learning rate of biases in parts of that of weights.</summary>
    [Within(0, 100)]
    public double BiasLearningRateMultiplier { get; init; } = 1;

    /// <summary>The weight decay of biases in parts of that of weights.</summary>
    [Within(0, 100)]
    public double BiasWeightDecayMultiplier { get; init; } = 1;

    /// <summary>The largest norm of the gradient over all parameters; a longer one is shortened to it. Without it none is.</summary>
    [Within(0, 1_000_000, Above = true)]
    public double? GradientClip { get; init; }
}

/// <summary>Stochastic gradient descent with momentum.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>The momentum.</summary>
    [Within(0, 1, Below = true)]
    public double Momentum { get; init; } = 0.9;
}

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
public sealed record AdamWOptions : OptimizerOptions, IOptionsTogether
{
    /// <summary>The decay of the means of the gradient and of its square.</summary>
    [Within(0, 1, Below = true)]
    public IReadOnlyList<double> Betas { get; init; } = [0.9, 0.999];

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Betas.Count != 2)
        {
            problems.Refuse("betas", $"{problems.Name("betas")} needs two numbers");
        }
    }
}

/// <summary>The exponential moving average of the weights: measured, kept and published in place of the last weights.</summary>
public sealed record EmaOptions
{
    /// <summary>Whether it is kept.</summary>
    public bool Enabled { get; init; }

    /// <summary>The share of the old average at each step, after a warm-up.</summary>
    [Within(0, 1)]
    public double Decay { get; init; } = 0.9998;
}

/// <summary>When and by what the detector is measured.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Epochs from one measurement to the next; the last epoch is always measured. 0: never.</summary>
    [Within(0, 10_000)]
    [Affects(Effect.Training)]
    public int Interval { get; init; } = 1;

    /// <summary>
    /// The definition of average precision. The two of VOC give AP as the mean over IoU .50 to .95, and no areas and average recalls.
    /// </summary>
    public EvaluationProtocol Protocol { get; init; } = EvaluationProtocol.Coco;

    /// <summary>What the best checkpoint is chosen by.</summary>
    [Affects(Effect.Training)]
    public EvaluationMetric Metric { get; init; } = EvaluationMetric.Ap;
}

/// <summary>A definition of average precision.</summary>
public enum EvaluationProtocol
{
    /// <summary>COCO's: 101 points of recall, crowd regions.</summary>
    Coco,

    /// <summary>VOC 2007's: eleven points of recall.</summary>
    Voc07,

    /// <summary>VOC's from 2010 on: the area under the curve.</summary>
    Voc12,
}

/// <summary>What the best checkpoint is chosen by.</summary>
public enum EvaluationMetric
{
    /// <summary>Average precision over the IoU thresholds .50 to .95.</summary>
    Ap,

    /// <summary>Average precision at IoU .50.</summary>
    Ap50,

    /// <summary>Average precision at IoU .75.</summary>
    Ap75,
}

/// <summary>When checkpoints and log lines are written.</summary>
public sealed record LogOptions
{
    /// <summary>Steps from one line of log.jsonl to the next.</summary>
    [Within(1, 1_000_000)]
    public int Interval { get; init; } = 10;

    /// <summary>Steps from one writing of last.ckpt to the next, besides one at the end of each epoch. 0: only then.</summary>
    [Within(0, 10_000_000)]
    public int CheckpointInterval { get; init; }
}

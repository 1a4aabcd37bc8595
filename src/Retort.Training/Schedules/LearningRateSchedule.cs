using Retort.Recipes;

namespace Retort.Training.Schedules;

/// <summary>
/// The learning rate of every step: constant between steps by epoch, with a warm-up by iteration on top of whatever the epoch gives. The
/// rule is the one that the paper's numbers were made with (step policy with linear warm-up).
/// </summary>
/// <param name="baseRate">The full learning rate, above or equal to 0; see <see cref="LearningRateRule"/>.</param>
/// <param name="options">Steps, factor and warm-up.</param>
/// <param name="steps">Steps of the whole training, which the warm-up may be limited to a share of.</param>
public sealed class LearningRateSchedule(double baseRate, ScheduleOptions options, long steps = long.MaxValue)
{
    /// <summary>Steps until the full rate.</summary>
    public long WarmupSteps { get; } = options.Warmup switch
    {
        { Type: WarmupKind.None } => 0,
        { MaximumShare: { } share } warmup => Math.Min(warmup.Iterations, (long)(share * steps)),
        { } warmup => warmup.Iterations,
    };

    /// <summary>Steps of the whole training.</summary>
    public long Steps { get; } = steps;

    /// <summary>The rate of one step.</summary>
    /// <param name="epoch">The epoch that the step is in, counted from 0.</param>
    /// <param name="iteration">The steps made before it since training began, counted over all epochs.</param>
    public double RateAt(int epoch, long iteration)
    {
        double rate = baseRate * Math.Pow(options.Gamma, options.Steps.Count(step => epoch >= step));
        if (iteration >= WarmupSteps)
        {
            return rate;
        }

        double passed = options.Warmup.Type == WarmupKind.Constant ? 0 : (double)iteration / WarmupSteps;
        double missing = (1 - passed) * (1 - options.Warmup.Ratio);
        return rate * (1 - missing);
    }
}

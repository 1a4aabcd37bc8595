using Retort.Training.Recipes;

namespace Retort.Training.Schedules;

/// <summary>
/// The learning rate of every step: constant between steps by epoch, with a warm-up by iteration on top of whatever the epoch gives. The rule
/// is the one that the paper's numbers were made with (step policy with linear warm-up).
/// </summary>
/// <param name="baseRate">The full learning rate, above or equal to 0; see <see cref="LearningRateRule"/>.</param>
/// <param name="options">Steps, factor and warm-up.</param>
public sealed class LearningRateSchedule(double baseRate, ScheduleOptions options)
{
    /// <summary>The rate of one step.</summary>
    /// <param name="epoch">The epoch that the step is in, counted from 0.</param>
    /// <param name="iteration">The steps made before it since training began, counted over all epochs.</param>
    public double RateAt(int epoch, long iteration)
    {
        double rate = baseRate * Math.Pow(options.Gamma, options.Steps.Count(step => epoch >= step));
        WarmupOptions warmup = options.Warmup;
        if (warmup.Type == WarmupKind.None || iteration >= warmup.Iterations)
        {
            return rate;
        }

        double passed = warmup.Type == WarmupKind.Constant ? 0 : (double)iteration / warmup.Iterations;
        double missing = (1 - passed) * (1 - warmup.Ratio);
        return rate * (1 - missing);
    }
}

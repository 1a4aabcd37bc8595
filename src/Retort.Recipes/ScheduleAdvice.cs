using System.Globalization;

namespace Retort.Recipes;

/// <summary>
/// What to say where <c>schedule.epochs</c> and <c>schedule.steps</c> do not go together, as when only one of them was changed. Steps are
/// never moved silently: a run that is continued for longer would otherwise have been trained at other rates than its recipe says.
/// </summary>
internal static class ScheduleAdvice
{
    // Where the last step of the usual schedules is: after 11 of 12 epochs.
    private const double LastStep = 11.0 / 12;

    /// <summary>Steps in the same proportion to each other that so many epochs reach; as many as differ.</summary>
    /// <param name="epochs">Epochs of the schedule.</param>
    /// <param name="steps">The steps that do not fit, ascending.</param>
    public static IReadOnlyList<int> Steps(int epochs, IReadOnlyList<int> steps) =>
    [
        .. steps.Select(step => Math.Min((int)Math.Round(step * LastStep * epochs / steps[^1]), epochs - 1)).Where(step => step > 0)
            .Distinct(),
    ];

    /// <summary>The option that gives a schedule such steps.</summary>
    /// <param name="schedule">The schedule.</param>
    public static string Remedy(ScheduleOptions schedule) =>
        $"--set schedule.steps=[{string.Join(',', Steps(schedule.Epochs, schedule.Steps))}]";

    /// <summary>A warning where most of the training comes after the last step, at the lowest rate; otherwise null.</summary>
    /// <param name="schedule">A valid schedule.</param>
    public static string? Warning(ScheduleOptions schedule) => schedule.Steps.Count > 0 && 2 * schedule.Steps[^1] < schedule.Epochs
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"warning: the learning rate is at its lowest from epoch {schedule.Steps[^1] + 1} to the last, {schedule.Epochs} "
                + $"(schedule.steps); if schedule.epochs was changed alone, add {Remedy(schedule)}")
        : null;
}

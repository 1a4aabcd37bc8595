using CsCheck;
using Retort.Recipes;

namespace Retort.Training.Tests.Recipes;

public sealed class ScheduleAdviceTests
{
    [Theory]
    [InlineData(12, "8,11", "8,11")]
    [InlineData(24, "8,11", "16,22")]
    [InlineData(3, "18,22", "2")]
    [InlineData(2, "3", "1")]
    [InlineData(1, "8,11", "")]
    public void Steps_keep_their_proportions(int epochs, string steps, string expected) =>
        Assert.Equal(expected, string.Join(',', ScheduleAdvice.Steps(epochs, [.. steps.Split(',').Select(int.Parse)])));

    [Fact]
    public void What_is_proposed_is_accepted_and_needs_no_warning() =>
        Gen.Select(Gen.Int[1, 400], Gen.Int[1, 300].HashSet[1, 5]).Sample((epochs, steps) =>
    {
        IReadOnlyList<int> proposed = ScheduleAdvice.Steps(epochs, [.. steps.Order()]);
        var schedule = new ScheduleOptions { Epochs = epochs, Steps = proposed };
        Assert.Equal(proposed.Distinct().Order(), proposed);
        Assert.All(proposed, step => Assert.InRange(step, 1, epochs - 1));
        Assert.Null(ScheduleAdvice.Warning(schedule));
    });

    [Fact]
    public void A_schedule_that_is_mostly_over_after_its_last_step_is_warned_of()
    {
        var schedule = new ScheduleOptions { Epochs = 24, Steps = [8, 11] };
        Assert.Equal(
            "warning: the learning rate is at its lowest from epoch 12 to the last, 24 (schedule.steps); if schedule.epochs was changed "
                + "alone, add --set schedule.steps=[16,22]",
            ScheduleAdvice.Warning(schedule));
        Assert.Null(ScheduleAdvice.Warning(schedule with { Epochs = 22 }));
        Assert.Null(ScheduleAdvice.Warning(schedule with { Steps = [] }));
    }

    [Fact]
    public void The_shipped_schedules_need_no_warning() => Assert.All(
        RecipeCatalog.List(Path.Combine(Repository.Root, "recipes")), entry =>
            Assert.Null(ScheduleAdvice.Warning(Recipe.Load(entry.Path).Schedule)));
}

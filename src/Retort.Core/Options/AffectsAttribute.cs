namespace Retort.Core.Options;

/// <summary>What an option has an effect on, which decides where a change of it matters; each value includes those before it.</summary>
public enum Effect
{
    /// <summary>Nothing but names and descriptions.</summary>
    Nothing,

    /// <summary>Where and how fast the work is done, in training, evaluation and prediction.</summary>
    Execution,

    /// <summary>Where a training run writes its results, and how often.</summary>
    Output,

    /// <summary>What a run learns.</summary>
    Training,

    /// <summary>The data, and how a detector is evaluated on them.</summary>
    Evaluation,

    /// <summary>The detections of a trained detector, but not what its weights mean.</summary>
    Prediction,

    /// <summary>The network itself: weights trained with one value mean something else with another.</summary>
    Network,
}

/// <summary>
/// Says what an option has an effect on. An option without the attribute has the effect of the group that it is in, and none has more than
/// its group.
/// </summary>
/// <param name="effect">The effect.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AffectsAttribute(Effect effect) : Attribute
{
    /// <summary>The effect.</summary>
    public Effect Effect { get; } = effect;
}

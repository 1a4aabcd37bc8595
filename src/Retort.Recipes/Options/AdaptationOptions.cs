namespace Retort.Recipes;

/// <summary>
/// Layers that the student's features go through before they are compared with the teacher's. They are trained with the student, and are
/// no part of it: it is published without them.
/// </summary>
public sealed record AdaptationOptions
{
    /// <summary>The kind of layer; one is needed where teacher and student have different 'neck.channels'.</summary>
    public AdaptationKind Type { get; init; } = AdaptationKind.None;

    /// <summary>One layer for all pyramid levels instead of one a level.</summary>
    public bool Shared { get; init; }
}

/// <summary>What a student's features go through before they are compared with a teacher's.</summary>
public enum AdaptationKind
{
    /// <summary>Nothing: they are compared as they are, as in the authors' code.</summary>
    None,

    /// <summary>A linear map of each cell: a convolution of 1x1 (Romero et al., FitNets).</summary>
    Conv1x1,

    /// <summary>A convolution of 3x3, as for fine-grained imitation (Wang et al., 2019).</summary>
    Conv3x3,
}

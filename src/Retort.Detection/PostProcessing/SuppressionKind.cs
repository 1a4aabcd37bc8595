namespace Retort.Detection.PostProcessing;

/// <summary>The kinds of suppression that a recipe can ask for.</summary>
public enum SuppressionKind
{
    /// <summary><see cref="GreedyNms"/>.</summary>
    Nms,

    /// <summary><see cref="ScoreVotingClusterDiouNms"/>.</summary>
    ScoreVotingClusterDiouNms,
}

/// <summary>From a recipe's choice to a suppression.</summary>
public static class Suppressions
{
    /// <summary>Makes the suppression of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="threshold">Overlap above which a box goes, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The kind is not one of the enumeration.</exception>
    public static ISuppression Create(SuppressionKind kind, double threshold) => kind switch
    {
        SuppressionKind.Nms => new GreedyNms(threshold),
        SuppressionKind.ScoreVotingClusterDiouNms => new ScoreVotingClusterDiouNms(threshold),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown suppression"),
    };
}

using Retort.Core.Options;
using Retort.Detection.Dense;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Non-maximum suppression: reduces candidates that cover the same object to one detection. Classes do not affect each other.
/// </summary>
[Kind("nms", typeof(GreedyNms))]
[Kind("soft-nms", typeof(SoftNms))]
[Kind("score-voting-cluster-diou", typeof(ScoreVotingClusterDiouNms))]
public interface ISuppression
{
    /// <summary>The detections of one image, best first, at most <paramref name="limit"/>.</summary>
    Detections Apply(Candidates candidates, int limit);
}

using Retort.Detection.Dense;

namespace Retort.Detection.PostProcessing;

/// <summary>Reduces candidates that cover the same object to one detection. Classes do not affect each other.</summary>
public interface ISuppression
{
    /// <summary>The detections of one image, best first, at most <paramref name="limit"/>.</summary>
    Detections Apply(Candidates candidates, int limit);
}

namespace Retort.Evaluation.Voc;

/// <summary>What the VOC evaluation measures. The defaults are those of the authors' implementation for VOC 2012.</summary>
public sealed record VocEvaluationOptions
{
    /// <summary>The IoU that a match needs, in (0, 1].</summary>
    public double IouThreshold { get; init; } = 0.5;

    /// <summary>
    /// Whether an IoU of exactly the threshold is too little; widely used scripts ask for more than 0.5, the authors' does not.
    /// </summary>
    public bool AboveThreshold { get; init; }

    /// <summary>How the curve becomes a number.</summary>
    public VocInterpolation Interpolation { get; init; } = VocInterpolation.Area;

    /// <summary>
    /// Whether the bottom right corner is the last pixel of a box, so that its width is xmax - xmin + 1 as in VOC's own tools.
    /// </summary>
    public bool InclusiveCorners { get; init; }

    /// <summary>The sizes that count; null counts all. Objects of other sizes are treated as difficult.</summary>
    public VocScaleRange? Scale { get; init; }
}

namespace Retort.Evaluation.Voc;

/// <summary>How the area under a precision-recall curve is taken.</summary>
public enum VocInterpolation
{
    /// <summary>The exact area under the non-increasing envelope, as from VOC 2010 on.</summary>
    Area,

    /// <summary>The mean of the greatest precision at recall 0, 0.1, ... 1 and above, as in VOC 2007.</summary>
    ElevenPoint,
}

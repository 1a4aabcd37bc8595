namespace Retort.Core.Geometry;

/// <summary>
/// Which of a rectangle's equal descriptions is used: a rectangle stays the same when its sides are swapped and it is turned by 90 degrees.
/// </summary>
public enum AngleConvention
{
    /// <summary>
    /// Angle in (0, pi/2], of the side that is called the width; either side may be the longer one (OpenCV from 4.5.1 on).
    /// </summary>
    Oc,

    /// <summary>The width is the longer side, its angle in [-pi/2, pi/2).</summary>
    Le90,

    /// <summary>The width is the longer side, its angle in [-pi/4, 3 pi/4).</summary>
    Le135,
}

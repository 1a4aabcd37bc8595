namespace Retort.Vision.Drawing;

/// <summary>A dot to draw.</summary>
/// <param name="X">Its middle, in pixels of the picture.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Radius">Pixels of the picture.</param>
/// <param name="Label">Decides its colour, as a class does a box's; 0-based.</param>
public readonly record struct DrawnDot(float X, float Y, float Radius, int Label);

namespace Retort.Vision.Drawing;

/// <summary>A dot to draw.</summary>
/// <param name="X">X of its centre, in pixels of the image.</param>
/// <param name="Y">Y of its centre.</param>
/// <param name="Radius">In pixels of the image.</param>
/// <param name="Label">Decides its colour, as a class does a box's; 0-based.</param>
public readonly record struct DrawnDot(float X, float Y, float Radius, int Label);

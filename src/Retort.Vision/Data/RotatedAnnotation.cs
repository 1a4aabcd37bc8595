using Retort.Core.Geometry;

namespace Retort.Vision.Data;

/// <summary>
/// One annotated object with a rotated box. A type of its own, so that data sets of horizontal boxes, which are far larger, hold nothing
/// for it.
/// </summary>
/// <param name="Shape">The rotated box, in pixels of the image file; it may reach out of it.</param>
/// <param name="Box">The part of the enclosing box that lies in the image, pixels.</param>
/// <param name="Label">Class index, 0-based.</param>
/// <param name="Difficult">Counts neither for nor against a detector.</param>
public sealed record RotatedAnnotation(RotatedBox Shape, Box Box, int Label, bool Difficult = false)
    : ObjectAnnotation(Box, Label, IsCrowd: false, Shape.Area, Difficult)
{
    /// <inheritdoc/>
    public override RotatedBox? Rotated => Shape;
}

namespace Retort.Vision.Data;

/// <summary>An image of a data set and what is annotated in it.</summary>
/// <param name="Id">The data set's id of the image (COCO's <c>id</c>), or a running number where it has none.</param>
/// <param name="Path">The image file.</param>
/// <param name="Width">Width in pixels as annotated; the file's own width must agree.</param>
/// <param name="Height">Height in pixels as annotated; the file's own height must agree.</param>
/// <param name="Objects">The annotated objects, crowds and difficult ones included, in the order of the file.</param>
public sealed record ImageRecord(long Id, string Path, int Width, int Height, IReadOnlyList<ObjectAnnotation> Objects);

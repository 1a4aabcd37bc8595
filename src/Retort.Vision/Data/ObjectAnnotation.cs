using Retort.Core.Geometry;

namespace Retort.Vision.Data;

/// <summary>One annotated object of an image.</summary>
/// <param name="Box">Where it is, in pixels of the image file.</param>
/// <param name="Label">Class index, 0-based: an index into <see cref="IDetectionDataset.ClassNames"/>.</param>
/// <param name="IsCrowd">A region of many objects of the class (COCO's <c>iscrowd</c>): ignored in training, special in evaluation.</param>
/// <param name="Area">Area in square pixels as the data set states it (COCO: of the segmentation mask), used by the area ranges of the
/// evaluation.</param>
/// <param name="Difficult">VOC's mark for objects that count neither for nor against a detector.</param>
public record ObjectAnnotation(Box Box, int Label, bool IsCrowd, double Area, bool Difficult = false)
{
    /// <summary>
    /// The rotated box, in pixels of the image file, where the data set has one; <see cref="Box"/> encloses the part of it that lies in the
    /// image.
    /// </summary>
    public virtual RotatedBox? Rotated => null;
}

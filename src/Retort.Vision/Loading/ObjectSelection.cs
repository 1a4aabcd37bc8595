using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Transforms;

namespace Retort.Vision.Loading;

/// <summary>What an annotated object is to training.</summary>
internal enum ObjectUse
{
    /// <summary>It is trained on.</summary>
    Train,

    /// <summary>
    /// A crowd or a difficult object: not trained on. What sees it is background, unless the assigner leaves out priors in ignored boxes.
    /// </summary>
    Ignore,

    /// <summary>Its box lies wholly outside the image.</summary>
    Outside,

    /// <summary>Its box is empty, inverted or smaller than the limit.</summary>
    TooSmall,
}

/// <summary>Decides which objects are trained on. Boxes that reach beyond the image are clipped to it, never an error.</summary>
internal static class ObjectSelection
{
    public static ObjectUse Classify(ImageRecord record, ObjectAnnotation annotation, float minimumSide)
    {
        Box box = annotation.Box;
        if (box.IsEmpty || box.Width < minimumSide || box.Height < minimumSide)
        {
            return ObjectUse.TooSmall;
        }

        if (box.Clip(record.Width, record.Height).IsEmpty)
        {
            return ObjectUse.Outside;
        }

        return annotation.IsCrowd || annotation.Difficult ? ObjectUse.Ignore : ObjectUse.Train;
    }

    /// <summary>The objects of an image as a batch holds them.</summary>
    public static BatchItem ToItem(int index, ImageRecord record, SampleGeometry geometry, float minimumSide)
    {
        var boxes = new List<Box>();
        var rotated = new List<RotatedBox>();
        var labels = new List<int>();
        var ignored = new List<Box>();
        bool isRotated = record.Objects.Any(o => o.Rotated is not null);
        foreach (ObjectAnnotation annotation in record.Objects)
        {
            ObjectUse use = Classify(record, annotation, minimumSide);
            RotatedBox? shape = annotation.Rotated is { } original ? geometry.Apply(original) : null;
            Box box = shape?.Enclosing.Clip(geometry.Resized.Width, geometry.Resized.Height) ?? geometry.Apply(annotation.Box);
            if (use is ObjectUse.Outside or ObjectUse.TooSmall || box.IsEmpty
                || (geometry.Rotation != 0 && shape is { } turned && !HasCentreInside(turned, geometry)))
            {
                continue;
            }

            (use == ObjectUse.Train ? boxes : ignored).Add(box);
            if (use == ObjectUse.Train)
            {
                labels.Add(annotation.Label);
                if (shape is { } moved)
                {
                    rotated.Add(moved);
                }
            }
        }

        return new BatchItem
        {
            Index = index,
            ImageId = record.Id,
            Path = record.Path,
            Geometry = geometry,
            Boxes = Boxes.Upright(boxes),
            RotatedBoxes = isRotated ? Boxes.Rotated(rotated) : null,
            Labels = [.. labels],
            IgnoredBoxes = Boxes.Upright(ignored),
        };
    }

    // What was turned out of the image leaves nothing to learn from but a corner.
    private static bool HasCentreInside(RotatedBox box, SampleGeometry geometry) =>
        box.CentreX >= 0 && box.CentreX < geometry.Resized.Width && box.CentreY >= 0 && box.CentreY < geometry.Resized.Height;
}

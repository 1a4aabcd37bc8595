namespace Retort.Vision.Datasets;

/// <summary>
/// Notices boxes of COCO files that are given as left, top, right, bottom: so read all fit into their images, and as COCO's own form many
/// do not.
/// </summary>
internal sealed class CornerHint
{
    private const double Tolerance = 1; // pixels

    private int _objects;
    private int _outside;
    private bool _corners = true;

    /// <summary>Looks at a box.</summary>
    public void Add(in CocoAnnotation box, CocoImage image)
    {
        _objects++;
        _corners &= box.X >= -Tolerance && box.Y >= -Tolerance && box.Width > box.X && box.Height > box.Y
            && box.Width <= image.Width + Tolerance && box.Height <= image.Height + Tolerance;
        _outside += box.X + box.Width > image.Width + Tolerance || box.Y + box.Height > image.Height + Tolerance ? 1 : 0;
    }

    /// <summary>Warns where the boxes look like corners.</summary>
    public void Report(DatasetProblems problems, string file)
    {
        if (_corners && _outside > 0)
        {
            problems.Warn(
                ProblemKind.BoxOutsideImage, file, "annotations",
                $"{_outside} of {_objects} boxes reach out of their images, and all would fit as left, top, right, bottom: `bbox` looks "
                    + "like two corners",
                "COCO's `bbox` is left, top, width, height: subtract left from right and top from bottom.");
        }
    }
}

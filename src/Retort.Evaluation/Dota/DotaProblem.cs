namespace Retort.Evaluation.Dota;

/// <summary>Objects and detections that fit together, in the order of evaluation.</summary>
internal sealed class DotaProblem
{
    /// <exception cref="ArgumentException">The arrays differ in length, or a class or image is outside its range.</exception>
    public DotaProblem(DotaObjects objects, DotaDetections detections, int classes)
    {
        Require(objects.Images, objects.Classes, objects.Polygons, objects.Difficult?.Length, classes);
        Require(detections.Images, detections.Classes, detections.Polygons, detections.Scores.Length, classes);
        (Objects, Detections) = (objects, detections);
        ObjectPolygons = new PolygonSet(objects.Polygons);
        DetectionPolygons = new PolygonSet(detections.Polygons);
        int images = Math.Max(objects.Images.DefaultIfEmpty(-1).Max(), detections.Images.DefaultIfEmpty(-1).Max()) + 1;
        ObjectGroups = new ImageGroups(objects.Images, objects.Classes, images, classes, useCategories: true);
        DetectionGroups = new ImageGroups(detections.Images, detections.Classes, images, classes, useCategories: true);
    }

    public DotaObjects Objects { get; }

    public DotaDetections Detections { get; }

    public PolygonSet ObjectPolygons { get; }

    public PolygonSet DetectionPolygons { get; }

    /// <summary>Objects by class, within a class by image.</summary>
    public ImageGroups ObjectGroups { get; }

    /// <summary>Detections by class, within a class by image.</summary>
    public ImageGroups DetectionGroups { get; }

    private static void Require(int[] images, int[] kinds, double[] polygons, int? others, int classes)
    {
        if (kinds.Length != images.Length || polygons.Length != 8 * images.Length || (others ?? images.Length) != images.Length)
        {
            throw new ArgumentException($"the arrays of {images.Length} entries differ in length");
        }

        if (kinds.Any(k => k < 0 || k >= classes) || images.Any(i => i < 0))
        {
            throw new ArgumentException($"classes must be from 0 to {classes - 1} and images not negative");
        }
    }
}

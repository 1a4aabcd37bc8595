namespace Retort.Vision.Synthesis;

/// <summary>What was drawn: everything that a recipe needs to use it.</summary>
/// <param name="TrainAnnotations">The COCO file of the training images, or their folder of label files.</param>
/// <param name="TrainImages">The folder of the training images.</param>
/// <param name="ValidationAnnotations">The same of the validation images.</param>
/// <param name="ValidationImages">The folder of the validation images.</param>
/// <param name="Images">Number of images, both splits.</param>
/// <param name="Objects">Number of annotated objects, both splits.</param>
public sealed record SyntheticSummary(
    string TrainAnnotations, string TrainImages, string ValidationAnnotations, string ValidationImages, int Images, int Objects);

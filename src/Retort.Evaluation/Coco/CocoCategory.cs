namespace Retort.Evaluation.Coco;

/// <summary>A class of objects as the annotation file names it.</summary>
/// <param name="Id">The id that annotations and detections refer to; unique in a file, not necessarily contiguous.</param>
/// <param name="Name">The name for people.</param>
public readonly record struct CocoCategory(long Id, string Name);

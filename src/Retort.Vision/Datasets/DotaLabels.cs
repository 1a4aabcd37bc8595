namespace Retort.Vision.Datasets;

/// <summary>What a label file of DOTA is to say.</summary>
/// <param name="Name">The image's name without extension; folders may stand before it.</param>
/// <param name="Objects">The objects in the order of the file; none makes an empty file.</param>
public sealed record DotaLabels(string Name, IReadOnlyList<DotaObject> Objects);

using Retort.Detection.Coding;
using Retort.Detection.Geometry;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the box coding of a model.</summary>
internal static class BoxCodingBuilder
{
    /// <summary>Makes it.</summary>
    /// <param name="model">The model.</param>
    public static IBoxCoding Build(ModelOptions model) => RotatedParts.Convention(model) is { } convention
        ? new RotatedDeltaCoding(
            new RotatedCoderOptions { Convention = convention, EdgeSwap = model.Head.EdgeSwap, NormFactor = model.Head.NormFactor },
            model.Head.RegMax == 0 ? null : [.. Enumerable.Repeat(RotatedParts.ToRange(model.Head.SideRange), 4), RotatedParts.ToRange(model.Head.AngleRange)])
        : new DistanceCoding();
}

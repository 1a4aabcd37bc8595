using Retort.Detection.Losses;

namespace Retort.Detection.Criteria;

/// <summary>Options of a <see cref="CenternessCriterion"/>; the defaults are those of ATSS.</summary>
public sealed record CenternessOptions
{
    /// <summary>The classification loss.</summary>
    public FocalOptions Classification { get; init; } = new();

    /// <summary>The box loss.</summary>
    public BoxLossKind BoxLoss { get; init; } = BoxLossKind.Giou;

    /// <summary>Factor of the box loss, at least 0: 2 for ATSS, 1 for FCOS.</summary>
    public double BoxWeight { get; init; } = 2;

    /// <summary>Factor of the centerness loss, at least 0.</summary>
    public double CenternessWeight { get; init; } = 1;
}

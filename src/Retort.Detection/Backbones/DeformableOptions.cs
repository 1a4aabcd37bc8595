using Retort.Core.Options;

namespace Retort.Detection.Backbones;

/// <summary>
/// Deformable convolutions in place of the 3x3 convolutions of a backbone's blocks (Dai et al. 2017; modulated: Zhu et al. 2019).
/// </summary>
public sealed record DeformableOptions : IOptionsTogether
{
    /// <summary>1: moved taps (Dai et al., 2017); 2: modulated as well (Zhu et al., 2019).</summary>
    [OneOf(1, 2)]
    public int Version { get; init; } = 1;

    /// <summary>The stages that have them: stage k makes C(k+1), so [2, 3, 4] is "c3-c5".</summary>
    [Within(1, 4)]
    public IReadOnlyList<int> Stages { get; init; } = [2, 3, 4];

    /// <summary>Groups of channels with offsets of their own; they divide the channels of every such convolution.</summary>
    [Within(1, 64)]
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Stages.Count == 0 || Stages.Distinct().Count() != Stages.Count)
        {
            problems.Refuse(
                "stages",
                $"{problems.Name("stages")} is [{string.Join(", ", Stages)}], but it needs at least one stage and none twice, such as "
                    + "[2, 3, 4]; for none 'deformable: null'");
        }
    }
}

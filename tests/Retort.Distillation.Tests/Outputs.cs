using Retort.Core.Geometry;
using Retort.Detection.Dense;

namespace Retort.Distillation.Tests;

/// <summary>What a detector that gives some maps says of itself.</summary>
internal static class Outputs
{
    public static DetectorOutputs Of(DenseOutput output, BoxForm form = BoxForm.Upright, int anchors = 1)
    {
        LevelOutput level = output.Levels[0];
        return new DetectorOutputs(
            [.. output.Levels.Zip(output.Features, (_, features) => (int)features.Size(1))
                .Select((channels, l) => new FeatureMap(channels, 8 << l))],
            new HeadOutputs((int)level.ClassLogits.Size(1), (int)level.BoxLogits.Size(1), anchors),
            form);
    }
}

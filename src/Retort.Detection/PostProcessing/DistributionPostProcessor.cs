using Retort.Detection.Dense;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Detections of heads that predict a distribution for each box edge (GFL, GFLv2, ATSS, FCOS and RetinaNet in their distribution
/// forms): the best priors of each level, those with a class above the score threshold decoded as the expectation of their
/// distributions, clipped to the image, scaled back to the original, and suppressed class by class. Where there is a centerness, the
/// score is multiplied by it after the threshold, as in the reference.
/// </summary>
public sealed class DistributionPostProcessor : IPostProcessor
{
    private readonly DistributionGeometry _geometry;

    /// <summary>Makes the processor.</summary>
    public DistributionPostProcessor(DistributionGeometry geometry, PostProcessingOptions options) => (_geometry, Options) = (geometry, options);

    /// <summary>Settings.</summary>
    public PostProcessingOptions Options { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Detections> Process(DenseOutput output, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)> sizes) =>
        [.. Decode(output, sizes).Select(candidates => Options.Suppression.Apply(candidates, Options.MaxDetections))];

    /// <summary>The candidates of each image, before suppression: by level, then by prior, then by class.</summary>
    /// <exception cref="ArgumentException">The number of levels or images differs from the output's.</exception>
    public IReadOnlyList<Candidates> Decode(DenseOutput output, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)> sizes)
    {
        if (output.Levels.Count != _geometry.Strides.Count || output.BatchSize != sizes.Count)
        {
            throw new ArgumentException(
                $"the output has {output.Levels.Count} levels and {output.BatchSize} images, but there are {_geometry.Strides.Count} strides and {sizes.Count} sizes");
        }

        CandidateList[] lists = [.. sizes.Select(s => new CandidateList(s.Height, s.Width, s.ScaleX, s.ScaleY))];
        for (int k = 0; k < output.Levels.Count; k++)
        {
            if (LevelCandidates.Find(output.Levels[k], _geometry.Strides[k], _geometry, Options) is { } found)
            {
                Distribute(found, output.Levels[k].Width, _geometry.Strides[k], lists);
            }
        }

        return [.. lists.Select(list => list.ToCandidates())];
    }

    private void Distribute(LevelCandidates found, int width, int stride, CandidateList[] lists)
    {
        for (int k = 0; k < found.Scores.Length; k++)
        {
            (int row, int label) = ((int)found.Pairs[2 * k], (int)found.Pairs[(2 * k) + 1]);
            long cell = found.Priors[row] / _geometry.AnchorsPerCell;
            float x = (cell % width + _geometry.CentreOffset) * stride;
            float y = (cell / width + _geometry.CentreOffset) * stride;
            lists[found.Images[row]].Add(x, y, found.Distances.AsSpan(4 * row, 4), found.Scores[k], label);
        }
    }
}

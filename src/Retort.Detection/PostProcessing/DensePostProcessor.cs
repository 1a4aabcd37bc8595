using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Detections of dense heads: the best priors of each level, those with a class above the score threshold decoded, scaled back to the original
/// image, and suppressed class by class. Where there is a centerness, the score is multiplied by it after the threshold, as in the reference. What a
/// diverged network gives, numbers that are not finite, is no detection.
/// </summary>
/// <param name="geometry">How the predictions lie on the image.</param>
/// <param name="options">Thresholds and suppression.</param>
public abstract class DensePostProcessor(DistributionGeometry geometry, PostProcessingOptions options) : IPostProcessor
{
    /// <summary>Settings.</summary>
    public PostProcessingOptions Options => options;

    /// <summary>How the predictions lie on the image.</summary>
    protected DistributionGeometry Geometry => geometry;

    /// <summary>Numbers of a box: 4, or 5 for rotated boxes.</summary>
    protected abstract int Edges { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Detections> Process(DenseOutput output, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)> sizes) =>
        [.. Decode(output, sizes).Select(candidates => options.Suppression.Apply(candidates, options.MaxDetections))];

    /// <summary>The candidates of each image, before suppression: by level, then by prior, then by class.</summary>
    /// <exception cref="ArgumentException">The number of levels or images differs from the output's.</exception>
    public IReadOnlyList<Candidates> Decode(DenseOutput output, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)> sizes)
    {
        if (output.Levels.Count != geometry.Strides.Count || output.BatchSize != sizes.Count)
        {
            throw new ArgumentException(
                $"the output has {output.Levels.Count} levels and {output.BatchSize} images, but there are {geometry.Strides.Count} strides and {sizes.Count} sizes");
        }

        CandidateList[] lists = [.. sizes.Select(_ => new CandidateList(Edges))];
        for (int k = 0; k < output.Levels.Count; k++)
        {
            int level = k;
            if (LevelCandidates.Find(output.Levels[k], geometry, options, (rows, priors) => Read(output, level, rows, priors)) is { } found)
            {
                Distribute(found, output.Levels[k].Width, level, sizes, lists);
            }
        }

        return [.. lists.Select(list => list.ToCandidates())];
    }

    /// <summary>What rows of box logits stand for, float [U, E].</summary>
    /// <param name="output">The batch.</param>
    /// <param name="level">The level of the rows.</param>
    /// <param name="rows">Float [U, D].</param>
    /// <param name="priors">Each row's prior: cell * anchors + anchor, int64 [U].</param>
    protected abstract Tensor Read(DenseOutput output, int level, Tensor rows, Tensor priors);

    /// <summary>Turns what was read into a box in the original image, in place.</summary>
    /// <param name="box">E numbers.</param>
    /// <param name="x">Centre of the prior, pixels of the network's input.</param>
    /// <param name="y">Centre of the prior.</param>
    /// <param name="size">The image.</param>
    protected abstract void Finish(Span<float> box, float x, float y, (int Height, int Width, float ScaleX, float ScaleY) size);

    private void Distribute(
        LevelCandidates found, int width, int level, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)> sizes, CandidateList[] lists)
    {
        int stride = geometry.Strides[level];
        Span<float> box = stackalloc float[Edges];
        for (int k = 0; k < found.Scores.Length; k++)
        {
            (int row, int label) = ((int)found.Pairs[2 * k], (int)found.Pairs[(2 * k) + 1]);
            int image = (int)found.Images[row];
            long cell = found.Priors[row] / geometry.AnchorsPerCell;
            found.Boxes.AsSpan(Edges * row, Edges).CopyTo(box);
            Finish(box, (cell % width + geometry.CentreOffset) * stride, (cell / width + geometry.CentreOffset) * stride, sizes[image]);
            if (float.IsFinite(found.Scores[k]) && AllFinite(box))
            {
                lists[image].Add(box, found.Scores[k], label);
            }
        }
    }

    private static bool AllFinite(ReadOnlySpan<float> box)
    {
        foreach (float number in box)
        {
            if (!float.IsFinite(number))
            {
                return false;
            }
        }

        return true;
    }
}

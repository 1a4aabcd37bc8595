using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Detections of dense heads: the best priors of each level, those with a class above the score threshold decoded, clipped to the image,
/// scaled back to the original, and suppressed class by class. Where there is a centerness, the score is multiplied by it after the
/// threshold, as in the reference. Boxes and scores with NaN or infinity, as a diverged network gives them, do not become detections.
/// </summary>
/// <param name="priors">The priors that boxes are decoded from.</param>
/// <param name="options">Thresholds and suppression, which must be one for boxes of the coding's form.</param>
/// <param name="backgroundChannel">Whether the head's last class channel is background, which is never a detection.</param>
public sealed class DensePostProcessor(PriorGenerator priors, PostProcessingOptions options, bool backgroundChannel = false)
    : IPostProcessor
{
    /// <summary>Settings.</summary>
    public PostProcessingOptions Options => options;

    /// <inheritdoc/>
    public IReadOnlyList<Detections> Process(DenseOutput output, IReadOnlyList<ImagePlacement> placements, IBoxCoding coding) =>
        [.. Decode(output, placements, coding).Select(candidates => options.Nms.Apply(candidates, options.MaxPerImage))];

    /// <summary>The candidates of each image, before suppression: by level, then by prior, then by class.</summary>
    /// <param name="output">Predictions of a batch.</param>
    /// <param name="placements">Where each image lies in the network's input.</param>
    /// <param name="coding">The detector's box coding.</param>
    /// <exception cref="ArgumentException">The number of levels or images differs from the output's.</exception>
    public IReadOnlyList<Candidates> Decode(DenseOutput output, IReadOnlyList<ImagePlacement> placements, IBoxCoding coding)
    {
        if (output.Levels.Count != priors.Strides.Count || output.BatchSize != placements.Count)
        {
            throw new ArgumentException(
                $"the output has {output.Levels.Count} levels and {output.BatchSize} images, "
                + $"but there are {priors.Strides.Count} strides and {placements.Count} image placements");
        }

        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        PriorGrid grid = priors.Grid([.. output.Levels.Select(l => (l.Height, l.Width))]);
        LevelCandidates[] found =
        [
            .. output.Levels.SelectMany((level, k) => LevelCandidates.Find(level, grid.Levels[k], grid.PerCell, backgroundChannel, options)
                is { } candidates
                ? new[] { candidates }
                : []),
        ];
        CandidateList[] lists = [.. placements.Select(_ => new CandidateList(coding.Form))];
        if (found.Length > 0)
        {
            Distribute(found, DecodedBoxes(found, grid, coding), placements, coding.Form, lists);
        }

        return [.. lists.Select(list => list.ToCandidates())];
    }

    // The boxes of all levels' rows at once, pixels of the network's input. The few priors are gathered on the host and sent in one
    // transfer.
    private static float[] DecodedBoxes(LevelCandidates[] found, PriorGrid grid, IBoxCoding coding)
    {
        const int width = 5;
        var numbers = new float[width * found.Sum(level => level.Priors.Length)];
        int start = 0;
        foreach (LevelCandidates level in found)
        {
            foreach (long prior in level.Priors)
            {
                grid.Boxes.Slice(4 * (level.Level.Start + (int)prior), 4).CopyTo(numbers.AsSpan(start));
                numbers[start + 4] = level.Level.Stride;
                start += width;
            }
        }

        Tensor logits = Tensor.Cat([.. found.Select(level => level.BoxLogits)]);
        Tensor columns = Tensor.From(numbers, numbers.Length / width, width).To(logits.Device);
        Tensor strides = columns.Narrow(1, 4, 1);
        return coding.ToPixels(coding.Decode(coding.FromPixels(columns.Narrow(1, 0, 4), strides), logits), strides).ToArray<float>();
    }

    private static void Distribute(
        LevelCandidates[] found, float[] boxes, IReadOnlyList<ImagePlacement> placements, BoxForm form, CandidateList[] lists)
    {
        int size = form.Numbers(), firstRow = 0;
        Span<float> box = stackalloc float[size];
        foreach (LevelCandidates level in found)
        {
            for (int k = 0; k < level.Scores.Length; k++)
            {
                (int row, int label) = ((int)level.Pairs[2 * k], (int)level.Pairs[(2 * k) + 1]);
                int image = (int)level.Images[row];
                boxes.AsSpan(size * (firstRow + row), size).CopyTo(box);
                form.Clip(box, placements[image].Width, placements[image].Height);
                form.Unscale(box, placements[image].ScaleX, placements[image].ScaleY);
                if (float.IsFinite(level.Scores[k]) && AllFinite(box))
                {
                    lists[image].Add(box, level.Scores[k], label);
                }
            }

            firstRow += level.Priors.Length;
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

namespace Retort.Evaluation.Voc;

/// <summary>The VOC evaluation (Everingham et al., "The PASCAL Visual Object Classes (VOC) Challenge"), with the variants in use.</summary>
public static class VocEvaluator
{
    private const int ThresholdCount = 10;

    /// <summary>Compares detections with objects at one IoU threshold.</summary>
    /// <param name="objects">The ground truth.</param>
    /// <param name="detections">The detections.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="options">What to measure; null is the default.</param>
    /// <exception cref="ArgumentException">Arrays differ in length or an index is out of range.</exception>
    public static VocEvaluation Evaluate(VocObjects objects, VocDetections detections, int classCount, VocEvaluationOptions? options = null)
    {
        options ??= new VocEvaluationOptions();
        CheckLengths(objects.Images.Length, objects.Classes.Length, objects.Boxes.Length, objects.Difficult?.Length
            ?? objects.Images.Length);
        CheckLengths(detections.Images.Length, detections.Classes.Length, detections.Boxes.Length, detections.Scores.Length);
        CheckRange(objects.Classes, classCount, "class");
        CheckRange(detections.Classes, classCount, "class");
        int imageCount = 1 + Math.Max(objects.Images.DefaultIfEmpty(-1).Max(), detections.Images.DefaultIfEmpty(-1).Max());
        CheckRange(objects.Images, imageCount, "image");
        CheckRange(detections.Images, imageCount, "image");
        var objectGroups = new ImageGroups(objects.Images, objects.Classes, imageCount, classCount, useCategories: true);
        var detectionGroups = new ImageGroups(detections.Images, detections.Classes, imageCount, classCount, useCategories: true);
        return new VocEvaluation(options,
        [
            .. Enumerable.Range(0, classCount)
                .Select(k => new VocClassEvaluator(objects, detections, options).Evaluate(k, objectGroups, detectionGroups)),
        ]);
    }

    /// <summary>
    /// Evaluates at the ten IoU thresholds 0.5, 0.55, ... 0.95 as the authors' implementation does; its AP is the mean of the ten
    /// <see cref="VocEvaluation.MeanAP"/>. The thresholds are running sums: the third is 0.6000000000000001.
    /// </summary>
    /// <param name="objects">The ground truth.</param>
    /// <param name="detections">The detections.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="options">What to measure, but for the threshold; null is the default.</param>
    /// <returns>Ten results by ascending threshold.</returns>
    public static IReadOnlyList<VocEvaluation> EvaluateThresholds(
        VocObjects objects, VocDetections detections, int classCount, VocEvaluationOptions? options = null)
    {
        options ??= new VocEvaluationOptions();
        var results = new VocEvaluation[ThresholdCount];
        double threshold = 0.5;
        for (int i = 0; i < results.Length; i++, threshold += 0.05)
        {
            results[i] = Evaluate(objects, detections, classCount, options with { IouThreshold = threshold });
        }

        return results;
    }

    private static void CheckLengths(int count, int classes, int boxes, int rest)
    {
        if (classes != count || boxes != 4 * count || rest != count)
        {
            throw new ArgumentException($"the arrays of {count} entries differ in length");
        }
    }

    private static void CheckRange(int[] indices, int count, string what)
    {
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)count)
            {
                throw new ArgumentException($"the {what} index {index} is not in 0..{count - 1}");
            }
        }
    }
}

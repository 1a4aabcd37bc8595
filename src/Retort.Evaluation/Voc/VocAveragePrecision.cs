namespace Retort.Evaluation.Voc;

/// <summary>
/// The area under a precision-recall curve, after Everingham et al., "The PASCAL Visual Object Classes (VOC) Challenge", section 4.2.
/// </summary>
public static class VocAveragePrecision
{
    private const int Points = 11;

    // i * 0.1 in floating point, as the reference steps: 0.30000000000000004 is above a recall of 3/10.
    private const double Step = 0.1;

    /// <summary>The average precision of a curve.</summary>
    /// <param name="recall">Recall after each detection [D], not decreasing.</param>
    /// <param name="precision">Precision after each detection [D].</param>
    /// <param name="interpolation">Which definition.</param>
    /// <returns>A number in [0, 1].</returns>
    /// <exception cref="ArgumentException">The curves differ in length.</exception>
    public static double Compute(ReadOnlySpan<double> recall, ReadOnlySpan<double> precision, VocInterpolation interpolation)
    {
        if (recall.Length != precision.Length)
        {
            throw new ArgumentException($"recall has {recall.Length} values and precision {precision.Length}");
        }

        double[] envelope = precision.ToArray();
        for (int i = envelope.Length - 1; i > 0; i--)
        {
            envelope[i - 1] = Math.Max(envelope[i - 1], envelope[i]);
        }

        return interpolation == VocInterpolation.Area ? Area(recall, envelope) : ElevenPoint(recall, envelope);
    }

    private static double Area(ReadOnlySpan<double> recall, ReadOnlySpan<double> envelope)
    {
        (double sum, double before) = (0, 0);
        for (int i = 0; i < recall.Length; i++)
        {
            sum += (recall[i] - before) * envelope[i];
            before = recall[i];
        }

        return sum;
    }

    private static double ElevenPoint(ReadOnlySpan<double> recall, ReadOnlySpan<double> envelope)
    {
        (double sum, int at) = (0, 0);
        for (int point = 0; point < Points; point++)
        {
            while (at < recall.Length && recall[at] < point * Step)
            {
                at++;
            }

            sum += at < recall.Length ? envelope[at] : 0;
        }

        return sum / Points;
    }
}

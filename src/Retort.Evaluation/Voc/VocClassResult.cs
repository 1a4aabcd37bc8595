namespace Retort.Evaluation.Voc;

/// <summary>The results of one class.</summary>
/// <param name="Class">Index of the class.</param>
/// <param name="Objects">Number of objects that count: not difficult and of a size in the range.</param>
/// <param name="Recall">Recall after each detection by descending score [D].</param>
/// <param name="Precision">Precision after each detection [D].</param>
/// <param name="AP">Average precision in [0, 1]; 0 where there are no objects.</param>
public sealed record VocClassResult(int Class, int Objects, double[] Recall, double[] Precision, double AP)
{
    /// <summary>The part of the objects that any detection found; 0 where there are no detections.</summary>
    public double FinalRecall => Recall.Length > 0 ? Recall[^1] : 0;
}

namespace Retort.Evaluation.Voc;

/// <summary>The result of a VOC evaluation.</summary>
/// <param name="Options">What was measured.</param>
/// <param name="Classes">The results of each class, in order of the class index.</param>
public sealed record VocEvaluation(VocEvaluationOptions Options, IReadOnlyList<VocClassResult> Classes)
{
    /// <summary>The mean of AP over the classes that have objects; 0 if none has.</summary>
    public double MeanAP => Classes.Where(c => c.Objects > 0).Select(c => c.AP).DefaultIfEmpty(0).Average();
}

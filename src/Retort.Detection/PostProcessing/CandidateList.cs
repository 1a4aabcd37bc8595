using Retort.Core.Geometry;

namespace Retort.Detection.PostProcessing;

/// <summary>Collects the candidates of one image.</summary>
/// <param name="form">The form of their boxes.</param>
internal sealed class CandidateList(BoxForm form)
{
    private readonly List<float> _boxes = [];
    private readonly List<float> _scores = [];
    private readonly List<int> _labels = [];

    public void Add(ReadOnlySpan<float> box, float score, int label)
    {
        _boxes.AddRange(box);
        _scores.Add(score);
        _labels.Add(label);
    }

    public Candidates ToCandidates() => new(new Boxes(form, [.. _boxes]), [.. _scores], [.. _labels]);
}

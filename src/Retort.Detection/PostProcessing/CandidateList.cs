namespace Retort.Detection.PostProcessing;

/// <summary>Collects the candidates of one image.</summary>
/// <param name="height">Height of the image proper in the network's input, pixels.</param>
/// <param name="width">Width of the image proper, pixels.</param>
/// <param name="scaleX">Factor that the original's width was resized by.</param>
/// <param name="scaleY">Factor that the original's height was resized by.</param>
internal sealed class CandidateList(int height, int width, float scaleX, float scaleY)
{
    private readonly List<float> _boxes = [];
    private readonly List<float> _scores = [];
    private readonly List<int> _labels = [];

    /// <summary>Adds a candidate by its distances (left, top, right, bottom, pixels) from a centre; clips the box and undoes the resizing.</summary>
    public void Add(float x, float y, ReadOnlySpan<float> distances, float score, int label)
    {
        _boxes.Add(Math.Clamp(x - distances[0], 0, width) / scaleX);
        _boxes.Add(Math.Clamp(y - distances[1], 0, height) / scaleY);
        _boxes.Add(Math.Clamp(x + distances[2], 0, width) / scaleX);
        _boxes.Add(Math.Clamp(y + distances[3], 0, height) / scaleY);
        _scores.Add(score);
        _labels.Add(label);
    }

    public Candidates ToCandidates() => new([.. _boxes], [.. _scores], [.. _labels]);
}

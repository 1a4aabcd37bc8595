namespace Retort.Torch.Compilation;

/// <summary>Steps that the engine runs in one go, then calls that libtorch runs.</summary>
internal sealed class GraphSegment
{
    public List<GraphNode> Nodes { get; } = [];

    /// <summary>Values that the steps take from outside, in the order of the inputs.</summary>
    public List<int> Inputs { get; } = [];

    /// <summary>Values that are wanted outside, in the order of the outputs, with the node that makes each.</summary>
    public List<(int Value, int Node)> Outputs { get; } = [];

    /// <summary>Calls that the engine does not know; they run after its steps.</summary>
    public List<RecordedCall> Calls { get; } = [];
}

using Retort.Torch.Native;

namespace Retort.Torch.Compilation;

/// <summary>
/// Turns a recording into segments: convolutions with their normalisation, ReLU and sums become single steps of the engine; what the
/// engine does not know is called as it was recorded. A segment holds what can run before the next such call's result is needed.
/// </summary>
internal sealed partial class GraphBuilder
{
    private const int Outside = -1;
    private readonly OperatorRecorder _recording;
    private readonly int[] _uses;
    private readonly Dictionary<int, (int Segment, int Node)> _places = [];
    private readonly Dictionary<int, int> _segmentOfResult = [];
    private readonly HashSet<int> _readByCalls = [];
    private readonly HashSet<int> _exported = [];

    public GraphBuilder(OperatorRecorder recording, IReadOnlyList<int> results)
    {
        _recording = recording;
        _uses = new int[recording.Values.Count];
        foreach (int value in recording.Calls.SelectMany(call => call.Reads).Concat(results))
        {
            _uses[value]++;
        }

        _segmentOfResult[0] = Outside;
        foreach (RecordedCall call in recording.Calls)
        {
            if (!TryCompile(call))
            {
                Replay(call);
            }
        }

        foreach (int value in results)
        {
            Export(value);
        }
    }

    public List<GraphSegment> Segments { get; } = [];

    /// <summary>Constants whose values went into the steps.</summary>
    public HashSet<Tensor> Constants { get; } = [];

    private bool TryCompile(RecordedCall call)
    {
        if (call.InPlace && _readByCalls.Contains(call.Arguments[0].Value))
        {
            // A call may have made a view of it, which must see the write.
            return false;
        }

        return call.Operator.Name switch
        {
            "aten::conv2d" => Convolution(call),
            "aten::batch_norm" => BatchNorm(call),
            "aten::group_norm" => GroupNorm(call),
            "aten::relu" or "aten::relu_" => Relu(call),
            "aten::add" or "aten::add_" => Add(call),
            "aten::mul" or "aten::mul_" => Scale(call),
            "aten::max_pool2d" => MaxPool(call),
            "aten::upsample_nearest2d" => Upsample(call),
            _ => false,
        };
    }

    private void Replay(RecordedCall call)
    {
        int segment = 0;
        foreach (int value in call.Reads)
        {
            Export(value);
            _readByCalls.Add(value);
            segment = Math.Max(segment, _places.TryGetValue(value, out var place) ? place.Segment
                : _segmentOfResult.GetValueOrDefault(value, Outside));
        }

        SegmentAt(segment).Calls.Add(call);
        foreach (int value in call.Results)
        {
            _segmentOfResult[value] = segment;
        }
    }

    private bool Append(RecordedCall call, int segment, GraphNode node)
    {
        SegmentAt(segment).Nodes.Add(node);
        _places[call.Results[0]] = (segment, SegmentAt(segment).Nodes.Count - 1);
        return true;
    }

    /// <summary>The step that makes a value which only the present call reads, or null.</summary>
    private GraphNode? Only(int value) =>
        _uses[value] == 1 && _places.TryGetValue(value, out var place) ? SegmentAt(place.Segment).Nodes[place.Node] : null;

    private bool IsMap(int value) => value >= 0 && _recording.Values[value] is { Constant: null, Shape.Length: 4 };

    private long[] Shape(int value) => _recording.Values[value].Shape;

    private Tensor? Constant(RecordedArgument argument)
    {
        Tensor? constant = argument.Value < 0 ? null : _recording.Values[argument.Value].Constant;
        if (constant is not null)
        {
            Constants.Add(constant);
        }

        return constant;
    }

    private GraphSegment SegmentAt(int index)
    {
        while (Segments.Count <= index)
        {
            Segments.Add(new GraphSegment());
        }

        return Segments[index];
    }

    /// <summary>The first segment in which a value can be read.</summary>
    private int SegmentOf(int value) => _places.TryGetValue(value, out var place) ? place.Segment : _segmentOfResult[value] + 1;

    /// <summary>The step of a segment that holds a value; takes it in from outside where needed.</summary>
    private int NodeOf(int value, int segment)
    {
        if (_places.TryGetValue(value, out var place) && place.Segment == segment)
        {
            return place.Node;
        }

        Export(value);
        GraphSegment target = SegmentAt(segment);
        int known = target.Inputs.IndexOf(value);
        if (known >= 0)
        {
            return target.Nodes.FindIndex(node => node.Kind == EngineKind.Input && node.Input == known);
        }

        target.Inputs.Add(value);
        target.Nodes.Add(new GraphNode { Kind = EngineKind.Input, Input = target.Inputs.Count - 1 });
        return target.Nodes.Count - 1;
    }

    /// <summary>Makes sure that a value of the engine's exists as a tensor too.</summary>
    private void Export(int value)
    {
        if (_places.TryGetValue(value, out var place) && _exported.Add(value))
        {
            SegmentAt(place.Segment).Outputs.Add((value, place.Node));
        }
    }

    private static long[] List(RecordedArgument argument) => argument.Literal.Reference as long[] ?? [argument.Literal.Bits];

    private static double Number(RecordedArgument argument) =>
        argument.Literal.Tag == ArgumentTag.Double ? BitConverter.Int64BitsToDouble(argument.Literal.Bits) : argument.Literal.Bits;
}

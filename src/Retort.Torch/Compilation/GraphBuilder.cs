using Retort.Torch.Native;

namespace Retort.Torch.Compilation;

/// <summary>
/// Turns a recording into segments: convolutions with their normalisation, ReLU and sums become single steps of the engine; what the
/// engine does not know is called as it was recorded. A segment holds what can run before the next such call's result is needed.
/// </summary>
internal sealed class GraphBuilder
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
            segment = Math.Max(segment, _places.TryGetValue(value, out var place) ? place.Segment : _segmentOfResult.GetValueOrDefault(value, Outside));
        }

        SegmentAt(segment).Calls.Add(call);
        foreach (int value in call.Results)
        {
            _segmentOfResult[value] = segment;
        }
    }

    private bool Convolution(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        if (!IsMap(a[0].Value) || Constant(a[1]) is not { } weight || weight.Type != ScalarType.Float32 || a[6].Literal.Bits != 1)
        {
            return false;
        }

        long[] shape = weight.Shape;
        (long[] stride, long[] padding, long[] dilation) = (List(a[3]), List(a[4]), List(a[5]));
        bool square = shape[2] == shape[3] && stride[0] == stride[^1] && padding[0] == padding[^1] && dilation[0] == dilation[^1];
        if (!square || stride[0] > 2)
        {
            return false;
        }

        int segment = SegmentOf(a[0].Value);
        return Append(call, segment, new GraphNode
        {
            Kind = EngineKind.Convolution,
            Input = NodeOf(a[0].Value, segment),
            Weight = weight,
            Bias = Constant(a[2]),
            Kernel = (int)shape[2],
            Stride = (int)stride[0],
            Padding = (int)padding[0],
            Dilation = (int)dilation[0],
        });
    }

    // Folded into the convolution before it, where nobody else reads that.
    private bool BatchNorm(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        bool training = a[5].Literal.Bits != 0;
        if (training || Only(a[0].Value) is not { Kind: EngineKind.Convolution, Relu: false, Other: < 0, BatchNorm: null } node
            || Constant(a[3]) is not { } mean || Constant(a[4]) is not { } variance)
        {
            return false;
        }

        node.BatchNorm = (Constant(a[1]), Constant(a[2]), mean, variance, Number(a[7]));
        _places[call.Results[0]] = _places[a[0].Value];
        return true;
    }

    private bool GroupNorm(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        if (!IsMap(a[0].Value) || Constant(a[2]) is not { } weight || Constant(a[3]) is not { } bias)
        {
            return false;
        }

        int segment = SegmentOf(a[0].Value);
        int input = NodeOf(a[0].Value, segment);
        if (_uses[a[0].Value] > 1 || SegmentAt(segment).Nodes[input].Kind == EngineKind.Input)
        {
            // The engine normalises in place.
            SegmentAt(segment).Nodes.Add(new GraphNode { Kind = EngineKind.Affine, Input = input });
            input = SegmentAt(segment).Nodes.Count - 1;
        }

        return Append(call, segment, new GraphNode
        {
            Kind = EngineKind.GroupNorm, Input = input, Weight = weight, Bias = bias, Groups = (int)a[1].Literal.Bits, Epsilon = Number(a[4]),
        });
    }

    private bool Relu(RecordedCall call)
    {
        int value = call.Arguments[0].Value;
        if (!_places.TryGetValue(value, out var place))
        {
            return false;
        }

        if (Only(value) is { TakesRelu: true } node)
        {
            node.Relu = true;
            _places[call.Results[0]] = place;
            return true;
        }

        return Append(call, place.Segment, new GraphNode { Kind = EngineKind.Affine, Input = place.Node, Relu = true });
    }

    private bool Add(RecordedCall call)
    {
        (int a, int b) = (call.Arguments[0].Value, call.Arguments[1].Value);
        bool plain = call.Arguments.Length < 3 || Number(call.Arguments[2]) == 1;
        if (!plain || !IsMap(a) || !IsMap(b) || !Shape(a).SequenceEqual(Shape(b)) || (!_places.ContainsKey(a) && !_places.ContainsKey(b)))
        {
            return false;
        }

        int segment = Math.Max(SegmentOf(a), SegmentOf(b));
        (int first, int second) = (NodeOf(a, segment), NodeOf(b, segment));
        int last = Math.Max(first, second);
        int lastValue = last == first ? a : b;
        if (first != second && Only(lastValue) is { TakesSum: true } node && _places[lastValue].Segment == segment)
        {
            node.Other = Math.Min(first, second);
            _places[call.Results[0]] = (segment, last);
            return true;
        }

        return Append(call, segment, new GraphNode
        {
            Kind = EngineKind.Resize, Input = first, Other = second, Height = (int)Shape(a)[2], Width = (int)Shape(a)[3],
        });
    }

    private bool Scale(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        if (!_places.TryGetValue(a[0].Value, out var place))
        {
            return false;
        }

        double factor;
        if (a[1].Value >= 0)
        {
            if (Constant(a[1]) is not { Count: 1, Type: ScalarType.Float32 } constant)
            {
                return false;
            }

            using var scope = new TensorScope();
            factor = constant.Item();
        }
        else
        {
            factor = Number(a[1]);
        }

        return Append(call, place.Segment, new GraphNode { Kind = EngineKind.Affine, Input = place.Node, Factor = (float)factor });
    }

    private bool MaxPool(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        (long[] kernel, long[] stride, long[] padding, long[] dilation) = (List(a[1]), List(a[2]), List(a[3]), List(a[4]));
        bool plain = kernel[0] == kernel[^1] && stride[0] == stride[^1] && padding[0] == padding[^1] && dilation is [1] or [1, 1] && a[5].Literal.Bits == 0;
        return plain && _places.TryGetValue(a[0].Value, out var place) && Append(call, place.Segment, new GraphNode
        {
            Kind = EngineKind.MaxPool, Input = place.Node, Kernel = (int)kernel[0], Stride = (int)stride[0], Padding = (int)padding[0],
        });
    }

    private bool Upsample(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        return a[1].Literal.Reference is long[] size && _places.TryGetValue(a[0].Value, out var place) && Append(call, place.Segment, new GraphNode
        {
            Kind = EngineKind.Resize, Input = place.Node, Height = (int)size[0], Width = (int)size[1],
        });
    }

    private bool Append(RecordedCall call, int segment, GraphNode node)
    {
        SegmentAt(segment).Nodes.Add(node);
        _places[call.Results[0]] = (segment, SegmentAt(segment).Nodes.Count - 1);
        return true;
    }

    /// <summary>The step that makes a value which only the present call reads, or null.</summary>
    private GraphNode? Only(int value) => _uses[value] == 1 && _places.TryGetValue(value, out var place) ? SegmentAt(place.Segment).Nodes[place.Node] : null;

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

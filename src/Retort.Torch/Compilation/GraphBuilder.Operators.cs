using System.Numerics;
using Retort.Torch.Native;

namespace Retort.Torch.Compilation;

/// <summary>What becomes of each operator that the engine knows: false where it cannot take this call, which is then replayed.</summary>
internal sealed partial class GraphBuilder
{
    private bool Convolution(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        if (!IsMap(a[0].Value) || Constant(a[1]) is not { } weight || weight.Type != ScalarType.Float32
            || !KnowsGroups(weight, a[6].Literal.Bits))
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
            Groups = (int)a[6].Literal.Bits,
        });
    }

    // The engine packs groups of a power of two into whole vectors of channels.
    private static bool KnowsGroups(Tensor weight, long groups) =>
        groups == 1 || (weight.Size(0) == weight.Size(1) * groups && BitOperations.IsPow2(weight.Size(1)));

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
            Kind = EngineKind.GroupNorm,
            Input = input,
            Weight = weight,
            Bias = bias,
            Groups = (int)a[1].Literal.Bits,
            Epsilon = Number(a[4]),
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
            Kind = EngineKind.Resize,
            Input = first,
            Other = second,
            Height = (int)Shape(a)[2],
            Width = (int)Shape(a)[3],
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
        bool plain = kernel[0] == kernel[^1] && stride[0] == stride[^1] && padding[0] == padding[^1] && dilation is [1] or [1, 1]
            && a[5].Literal.Bits == 0;
        return plain && _places.TryGetValue(a[0].Value, out var place) && Append(call, place.Segment, new GraphNode
        {
            Kind = EngineKind.MaxPool,
            Input = place.Node,
            Kernel = (int)kernel[0],
            Stride = (int)stride[0],
            Padding = (int)padding[0],
        });
    }

    private bool Upsample(RecordedCall call)
    {
        RecordedArgument[] a = call.Arguments;
        return a[1].Literal.Reference is long[] size && _places.TryGetValue(a[0].Value, out var place)
            && Append(call, place.Segment, new GraphNode
            {
                Kind = EngineKind.Resize,
                Input = place.Node,
                Height = (int)size[0],
                Width = (int)size[1],
            });
    }
}

using Retort.Torch.Native;

namespace Retort.Torch.Compilation;

/// <summary>A network compiled for one input shape.</summary>
internal sealed unsafe class CompiledPlan : IDisposable
{
    private readonly GraphSegment[] _segments;
    private readonly nint[] _plans;
    private readonly int[] _results;
    private readonly RecordedValue[] _values;

    private CompiledPlan(GraphSegment[] segments, nint[] plans, int[] results, RecordedValue[] values) =>
        (_segments, _plans, _results, _values) = (segments, plans, results, values);

    /// <summary>Number of steps that the engine runs; zero when it knows none of the network.</summary>
    public int Steps => _segments.Sum(segment => segment.Nodes.Count);

    public static CompiledPlan Build(nint engine, GraphBuilder graph, OperatorRecorder recording, int[] results, FoldedWeights weights)
    {
        GraphSegment[] segments = [.. graph.Segments];
        var plan = new CompiledPlan(segments, new nint[segments.Length], results, [.. recording.Values]);
        try
        {
            for (int k = 0; k < segments.Length; k++)
            {
                plan._plans[k] = BuildSegment(engine, segments[k], plan._values, weights);
            }

            return plan;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network; the results belong to the current scope.</summary>
    public Tensor[] Run(Tensor input)
    {
        using var scope = new TensorScope();
        var environment = new Tensor?[_values.Length];
        environment[0] = input;
        for (int k = 0; k < _segments.Length; k++)
        {
            RunSegment(_segments[k], _plans[k], environment);
            foreach (RecordedCall call in _segments[k].Calls)
            {
                Repeat(call, environment);
            }
        }

        var results = new Tensor[_results.Length];
        for (int k = 0; k < results.Length; k++)
        {
            results[k] = scope.Keep((environment[_results[k]] ?? _values[_results[k]].Constant!).Alias());
        }

        return results;
    }

    public void Dispose()
    {
        foreach (nint plan in _plans)
        {
            NativeMethods.retort_engine_plan_free(plan);
        }
    }

    private static nint BuildSegment(nint engine, GraphSegment segment, RecordedValue[] values, FoldedWeights weights)
    {
        if (segment.Nodes.Count == 0)
        {
            return 0;
        }

        using var scope = new TensorScope();
        var nodes = new EngineNode[segment.Nodes.Count + segment.Outputs.Count];
        for (int k = 0; k < segment.Nodes.Count; k++)
        {
            nodes[k] = Translate(segment.Nodes[k], weights);
        }

        for (int k = 0; k < segment.Outputs.Count; k++)
        {
            nodes[segment.Nodes.Count + k] =
                new EngineNode { Kind = EngineKind.Output, Input = segment.Outputs[k].Node, Other = -1, Factor = 1 };
        }

        Tensor[] shapes = [.. segment.Inputs.Select(value => Tensor.Empty(values[value].Shape))];
        fixed (EngineNode* first = nodes)
        fixed (nint* inputs = TensorHandles.Of(shapes))
        {
            Bridge.Check(NativeMethods.retort_engine_plan(engine, first, nodes.Length, inputs, shapes.Length, out nint plan));
            return plan;
        }
    }

    private static EngineNode Translate(GraphNode node, FoldedWeights weights)
    {
        (Tensor? weight, Tensor? bias) = node.Kind == EngineKind.Convolution ? weights.Of(node) : (node.Weight, node.Bias);
        return new EngineNode
        {
            Kind = node.Kind,
            Input = node.Input,
            Other = node.Other,
            Relu = node.Relu ? 1 : 0,
            Weight = weight?.Handle ?? 0,
            Bias = bias?.Handle ?? 0,
            Kernel = node.Kernel,
            Stride = node.Stride,
            Padding = node.Padding,
            Dilation = node.Dilation,
            Groups = node.Groups,
            Height = node.Height,
            Width = node.Width,
            Factor = node.Factor,
            Epsilon = node.Epsilon,
        };
    }

    private static void RunSegment(GraphSegment segment, nint plan, Tensor?[] environment)
    {
        if (plan == 0)
        {
            return;
        }

        Tensor[] inputs = [.. segment.Inputs.Select(value => environment[value]!)];
        nint[] outputs = new nint[segment.Outputs.Count];
        fixed (nint* input = TensorHandles.Of(inputs))
        fixed (nint* output = outputs)
        {
            Bridge.Check(NativeMethods.retort_engine_run(plan, input, inputs.Length, output));
        }

        for (int k = 0; k < outputs.Length; k++)
        {
            environment[segment.Outputs[k].Value] = Tensor.Own(outputs[k]);
        }
    }

    private void Repeat(RecordedCall call, Tensor?[] environment)
    {
        Tensor? Read(int value) => value < 0 ? null : environment[value] ?? _values[value].Constant;
        var arguments = new Argument[call.Arguments.Length];
        for (int k = 0; k < arguments.Length; k++)
        {
            RecordedArgument argument = call.Arguments[k];
            arguments[k] = argument.List is { } list ? list.Select(Read).ToArray() : argument.Value >= 0 ? Read(argument.Value)
                : argument.Literal;
        }

        if (call.InPlace)
        {
            call.Operator.CallInPlace(arguments);
            environment[call.Results[0]] = Read(call.Arguments[0].Value);
            return;
        }

        Tensor[] results = call.Operator.CallMany(arguments);
        for (int k = 0; k < results.Length; k++)
        {
            environment[call.Results[k]] = results[k];
        }
    }
}

using Retort.Torch.Native;

namespace Retort.Torch.Compilation;

/// <summary>One argument of a recorded call: a value, a list of values, or something that is no tensor.</summary>
/// <param name="Value">Number of the value, or -1.</param>
/// <param name="List">Numbers of the values of a list (-1: none), or null.</param>
/// <param name="Literal">The argument itself where it holds no tensor.</param>
internal readonly record struct RecordedArgument(int Value, int[]? List, Argument Literal);

/// <summary>One call of an operator, with the numbers of the values that it took and gave.</summary>
internal sealed record RecordedCall(TorchOperator Operator, RecordedArgument[] Arguments, int[] Results, bool InPlace)
{
    /// <summary>The values that the call reads.</summary>
    public IEnumerable<int> Reads => Arguments.SelectMany(a => a.List ?? [a.Value]).Where(value => value >= 0);
}

/// <summary>What a recording knows of a value.</summary>
/// <param name="Constant">The tensor, where it existed before the recording (a parameter or buffer).</param>
/// <param name="Shape">Its shape.</param>
internal sealed record RecordedValue(Tensor? Constant, long[] Shape);

/// <summary>
/// Writes down the operators that run on this thread while it is open, as a graph of values. A value is a tensor between two writes:
/// an operator that works in place makes a new one.
/// </summary>
internal sealed class OperatorRecorder : IOperatorObserver, IDisposable
{
    private readonly Dictionary<nint, int> _values = [];

    public OperatorRecorder(Tensor input)
    {
        TorchOperator.Observer = this;
        NewValue(input.Handle, null, input.Shape);
    }

    public List<RecordedCall> Calls { get; } = [];

    public List<RecordedValue> Values { get; } = [];

    /// <summary>Why the recording cannot stand for the function, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Marks the recording as useless: the function did something that a repetition of its operators would not.</summary>
    public void Fail(string reason) => Failure ??= reason;

    /// <summary>Says that a handle now belongs to a tensor that no operator made.</summary>
    public void Forget(nint handle) => _values.Remove(handle);

    /// <summary>The value that a tensor holds now.</summary>
    public int ValueOf(Tensor tensor) => _values.TryGetValue(tensor.Handle, out int value) ? value : NewConstant(tensor);

    public unsafe void Record(TorchOperator op, ReadOnlySpan<Argument> arguments, NativeArgument* results, int produced)
    {
        var recorded = new RecordedArgument[arguments.Length];
        for (int k = 0; k < recorded.Length; k++)
        {
            recorded[k] = arguments[k].Reference switch
            {
                Tensor tensor => new RecordedArgument(ValueOf(tensor), null, Argument.Default),
                Tensor?[] list => new RecordedArgument(-1, [.. list.Select(t => t is null ? -1 : ValueOf(t))], Argument.Default),
                _ => new RecordedArgument(-1, null, arguments[k]),
            };
        }

        bool inPlace = op.Name.EndsWith('_');
        if (inPlace && (recorded[0].Value < 0 || Values[recorded[0].Value].Constant is not null || recorded[0].Value == 0))
        {
            Fail($"{op.Name} writes into a tensor that the network did not make");
        }

        var given = new List<int>();
        foreach (nint handle in Handles(results, produced))
        {
            // Operators such as contiguous may return their argument itself.
            bool same = !inPlace && recorded.Any(a => a.Value >= 0 && _values.TryGetValue(handle, out int value) && value == a.Value);
            given.Add(same ? _values[handle] : NewValue(handle, null, ShapeOf(handle)));
        }

        if (given.Count == 1 && recorded.Any(a => a.Value == given[0]))
        {
            return;
        }

        Calls.Add(new RecordedCall(op, recorded, [.. given], inPlace));
    }

    /// <summary>Ends the recording.</summary>
    public void Dispose() => TorchOperator.Observer = null;

    private unsafe nint[] Handles(NativeArgument* results, int produced)
    {
        if (produced == 1 && results[0].Tag == ArgumentTag.TensorList)
        {
            return new Span<nint>((void*)results[0].Pointer, results[0].Count).ToArray();
        }

        var handles = new List<nint>();
        for (int k = 0; k < produced; k++)
        {
            if (results[k].Tag == ArgumentTag.Tensor)
            {
                handles.Add(results[k].Pointer);
            }
            else
            {
                Fail("an operator gave something that is no tensor");
            }
        }

        return [.. handles];
    }

    private static unsafe long[] ShapeOf(nint handle)
    {
        if (handle == 0)
        {
            return [];
        }

        long[] shape = new long[NativeMethods.retort_tensor_dim(handle)];
        fixed (long* sizes = shape)
        {
            NativeMethods.retort_tensor_sizes(handle, sizes);
        }

        return shape;
    }

    private int NewConstant(Tensor tensor) => NewValue(tensor.Handle, tensor, tensor.Shape);

    private int NewValue(nint handle, Tensor? constant, long[] shape)
    {
        Values.Add(new RecordedValue(constant, shape));
        return _values[handle] = Values.Count - 1;
    }
}

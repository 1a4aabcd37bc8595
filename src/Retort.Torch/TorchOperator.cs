using System.Runtime.InteropServices;
using System.Text;
using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>
/// Any operator of libtorch (or registered by libretort) by name and overload, looked up on first use. Arguments are positional in
/// the order of the schema, keyword-only ones included; missing ones take the schema's defaults.
/// </summary>
/// <param name="name">Qualified name, such as <c>aten::add</c>.</param>
/// <param name="overload">Overload, such as <c>Tensor</c>; often empty.</param>
public sealed unsafe class TorchOperator(string name, string overload = "")
{
    private const int MaximumResults = 8;
    private nint _handle;

    /// <summary>Who watches the operators of this thread, or null.</summary>
    [field: ThreadStatic]
    internal static IOperatorObserver? Observer { get; set; }

    /// <summary>Qualified name.</summary>
    internal string Name => name;

    /// <summary>Overload; often empty.</summary>
    internal string Overload => overload;

    /// <summary>Calls an operator that returns one tensor.</summary>
    /// <exception cref="TorchException">libtorch rejects the arguments, or the operator does not exist.</exception>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument* results = stackalloc NativeArgument[MaximumResults];
        int produced = Invoke(arguments, results);
        if (produced != 1 || results[0].Tag != ArgumentTag.Tensor)
        {
            Release(results, produced);
            throw new TorchException($"{name}: expected one tensor as the result");
        }

        return Tensor.Own(results[0].Pointer);
    }

    /// <summary>Calls an in-place operator and drops the second reference to its own argument that it returns.</summary>
    public void CallInPlace(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument* results = stackalloc NativeArgument[MaximumResults];
        Release(results, Invoke(arguments, results));
    }

    /// <summary>Calls an operator that returns several tensors, or one list of tensors.</summary>
    public Tensor[] CallMany(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument* results = stackalloc NativeArgument[MaximumResults];
        int produced = Invoke(arguments, results);
        if (produced == 1 && results[0].Tag == ArgumentTag.TensorList)
        {
            return OwnList(results[0]);
        }

        var tensors = new Tensor[produced];
        for (int k = 0; k < produced; k++)
        {
            tensors[k] = Tensor.Own(results[k].Pointer);
        }

        return tensors;
    }

    private static Tensor[] OwnList(NativeArgument list)
    {
        var tensors = new Tensor[list.Count];
        nint* handles = (nint*)list.Pointer;
        for (int k = 0; k < tensors.Length; k++)
        {
            tensors[k] = Tensor.Own(handles[k]);
        }

        NativeMethods.retort_buffer_free(list.Pointer);
        return tensors;
    }

    private static void Release(NativeArgument* results, int count)
    {
        for (int k = 0; k < count; k++)
        {
            switch (results[k].Tag)
            {
                case ArgumentTag.Tensor:
                    NativeMethods.retort_tensor_free(results[k].Pointer);
                    break;
                case ArgumentTag.TensorList:
                    NativeMethods.retort_tensor_free_many((nint*)results[k].Pointer, results[k].Count);
                    NativeMethods.retort_buffer_free(results[k].Pointer);
                    break;
                case ArgumentTag.Object:
                    NativeMethods.retort_object_free(results[k].Pointer);
                    break;
            }
        }
    }

    private int Invoke(ReadOnlySpan<Argument> arguments, NativeArgument* results)
    {
        if (_handle == 0)
        {
            Bridge.Check(NativeMethods.retort_operator_find(name, overload, out nint found));
            _handle = found;
        }

        int scratchSize = ScratchSize(arguments);
        nint* scratch = stackalloc nint[scratchSize];
        NativeArgument* native = stackalloc NativeArgument[arguments.Length];
        Marshal(arguments, native, scratch);
        Bridge.Check(NativeMethods.retort_operator_call(_handle, native, arguments.Length, results, MaximumResults, out int produced));
        Observer?.Record(this, arguments, results, produced);
        return produced;
    }

    // Lists and strings are copied to the stack, eight bytes an element, so that nothing needs pinning.
    private static int ScratchSize(ReadOnlySpan<Argument> arguments)
    {
        int size = 1;
        foreach (Argument argument in arguments)
        {
            size += argument.Reference switch
            {
                long[] list => list.Length,
                double[] list => list.Length,
                Tensor?[] list => list.Length,
                string text => (Encoding.UTF8.GetByteCount(text) / 8) + 1,
                _ => 0,
            };
        }

        return size;
    }

    private static void Marshal(ReadOnlySpan<Argument> arguments, NativeArgument* native, nint* scratch)
    {
        for (int k = 0; k < arguments.Length; k++)
        {
            Argument argument = arguments[k];
            native[k] = new NativeArgument { Tag = argument.Tag, Integer = argument.Bits };
            switch (argument.Reference)
            {
                case Tensor tensor:
                    native[k].Pointer = tensor.Handle;
                    break;
                case long[] list:
                    scratch = PutList(ref native[k], MemoryMarshal.Cast<long, nint>(list), scratch);
                    break;
                case double[] list:
                    scratch = PutList(ref native[k], MemoryMarshal.Cast<double, nint>(list), scratch);
                    break;
                case Tensor?[] list:
                    scratch = PutTensors(ref native[k], list, scratch);
                    break;
                case string text:
                    scratch = PutText(ref native[k], text, scratch);
                    break;
                default:
                    if (argument.Tag == ArgumentTag.Device)
                    {
                        (native[k].Count, native[k].Integer) = ((int)(argument.Bits >> 32), (int)argument.Bits);
                    }

                    break;
            }
        }
    }

    private static nint* PutList(ref NativeArgument target, ReadOnlySpan<nint> list, nint* scratch)
    {
        (target.Pointer, target.Count) = ((nint)scratch, list.Length);
        list.CopyTo(new Span<nint>(scratch, list.Length));
        return scratch + list.Length;
    }

    private static nint* PutTensors(ref NativeArgument target, Tensor?[] list, nint* scratch)
    {
        (target.Pointer, target.Count) = ((nint)scratch, list.Length);
        foreach (Tensor? tensor in list)
        {
            *scratch++ = tensor?.Handle ?? 0;
        }

        return scratch;
    }

    private static nint* PutText(ref NativeArgument target, string text, nint* scratch)
    {
        int capacity = Encoding.UTF8.GetByteCount(text);
        (target.Pointer, target.Count) = ((nint)scratch, capacity);
        Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, capacity));
        return scratch + (capacity / 8) + 1;
    }
}

using System.Runtime.InteropServices;
using Retort.Torch.Native;

namespace Retort.Torch;

public sealed partial class Tensor
{
    private static readonly TorchOperator s_empty = new("aten::empty", "memory_format");
    private static readonly TorchOperator s_zeros = new("aten::zeros");
    private static readonly TorchOperator s_ones = new("aten::ones");
    private static readonly TorchOperator s_full = new("aten::full");
    private static readonly TorchOperator s_arange = new("aten::arange", "start_step");
    private static readonly TorchOperator s_linspace = new("aten::linspace");
    private static readonly TorchOperator s_zerosLike = new("aten::zeros_like");
    private static readonly TorchOperator s_onesLike = new("aten::ones_like");
    private static readonly TorchOperator s_randn = new("aten::randn");
    private static readonly TorchOperator s_rand = new("aten::rand");

    /// <summary>Uninitialised elements.</summary>
    public static Tensor Empty(long[] shape, ScalarType type = ScalarType.Float32, Device device = default) =>
        s_empty.Call(shape, type, Argument.None, device, false);

    /// <summary>Zeros.</summary>
    public static Tensor Zeros(long[] shape, ScalarType type = ScalarType.Float32, Device device = default) =>
        s_zeros.Call(shape, type, Argument.None, device, false);

    /// <summary>Ones.</summary>
    public static Tensor Ones(long[] shape, ScalarType type = ScalarType.Float32, Device device = default) =>
        s_ones.Call(shape, type, Argument.None, device, false);

    /// <summary>One value everywhere.</summary>
    public static Tensor Full(long[] shape, double value, ScalarType type = ScalarType.Float32, Device device = default) =>
        s_full.Call(shape, value, type, Argument.None, device, false);

    /// <summary>A scalar, shape [].</summary>
    public static Tensor Scalar(double value, ScalarType type = ScalarType.Float32, Device device = default) =>
        Full([], value, type, device);

    /// <summary>start, start + step, ... below end; [n].</summary>
    public static Tensor Arange(long start, long end, long step = 1, ScalarType type = ScalarType.Int64, Device device = default) =>
        s_arange.Call(start, end, step, type, Argument.None, device, false);

    /// <summary>Evenly spaced values, both ends included; [steps].</summary>
    public static Tensor Linspace(double start, double end, long steps, ScalarType type = ScalarType.Float32, Device device = default) =>
        s_linspace.Call(start, end, steps, type, Argument.None, device, false);

    /// <summary>Standard normal values from the device's generator (see <see cref="Runtime.Seed"/>).</summary>
    public static Tensor RandomNormal(long[] shape, ScalarType type = ScalarType.Float32, Device device = default) =>
        s_randn.Call(shape, type, Argument.None, device, false);

    /// <summary>Uniform values in [0, 1) from the device's generator.</summary>
    public static Tensor RandomUniform(long[] shape, ScalarType type = ScalarType.Float32, Device device = default) =>
        s_rand.Call(shape, type, Argument.None, device, false);

    /// <summary>Zeros of this tensor's shape, type and device.</summary>
    public Tensor ZerosLike() => s_zerosLike.Call(this);

    /// <summary>Ones of this tensor's shape, type and device.</summary>
    public Tensor OnesLike() => s_onesLike.Call(this);

    /// <summary>Copies row-major values into a new tensor on the processor.</summary>
    /// <exception cref="ArgumentException">The number of values does not fill the shape, or the type has no tensor counterpart.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, params long[] shape) where T : unmanaged =>
        FromBytes(TypeOf<T>(), shape, MemoryMarshal.AsBytes(values));

    /// <summary>Copies row-major values into a new tensor on the processor.</summary>
    public static Tensor From<T>(T[] values, params long[] shape) where T : unmanaged => From((ReadOnlySpan<T>)values, shape);

    /// <summary>Copies row-major bytes into a new tensor on the processor.</summary>
    /// <exception cref="ArgumentException">The bytes do not fill the shape exactly.</exception>
    public static unsafe Tensor FromBytes(ScalarType type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        Tensor tensor = Empty(shape, type);
        if (tensor.Count * type.ElementSize() != bytes.Length)
        {
            tensor.Dispose();
            throw new ArgumentException($"shape [{string.Join(", ", shape)}] of {type} needs "
                + $"{shape.Aggregate(1L, (a, b) => a * b) * type.ElementSize()} bytes, got {bytes.Length}");
        }

        bytes.CopyTo(new Span<byte>(tensor.DataPointer, bytes.Length));
        return tensor;
    }

    /// <summary>
    /// Wraps memory of the caller without copying: row-major, on the processor. The memory must outlive every use of the result.
    /// </summary>
    public static unsafe Tensor FromMemory(void* data, ScalarType type, params long[] shape)
    {
        fixed (long* sizes = shape)
        {
            Bridge.Check(NativeMethods.retort_tensor_from_memory((nint)data, sizes, shape.Length, (int)type, out nint handle));
            TorchOperator.Observer?.Forget(handle);
            return Own(handle);
        }
    }

    internal static ScalarType TypeOf<T>() where T : unmanaged => default(T) switch
    {
        float => ScalarType.Float32,
        double => ScalarType.Float64,
        long => ScalarType.Int64,
        int => ScalarType.Int32,
        byte => ScalarType.UInt8,
        sbyte => ScalarType.Int8,
        short => ScalarType.Int16,
        bool => ScalarType.Bool,
        Half => ScalarType.Float16,
        _ => throw new ArgumentException($"no tensor type for {typeof(T).Name}"),
    };
}

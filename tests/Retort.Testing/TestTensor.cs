using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Testing;

/// <summary>
/// The creating functions of <see cref="Tensor"/> with the result on <see cref="TestDevice.Current"/>. Values are made on the CPU, random
/// ones too, so that tests see the same numbers on every device.
/// </summary>
public static class TestTensor
{
    /// <summary>Row-major values.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> values, params long[] shape) where T : unmanaged =>
        TestDevice.Place(Tensor.From(values, shape));

    /// <summary>Row-major values.</summary>
    public static Tensor From<T>(T[] values, params long[] shape) where T : unmanaged => TestDevice.Place(Tensor.From(values, shape));

    /// <summary>A golden tensor.</summary>
    public static Tensor From(StoredTensor stored) => TestDevice.Place(Tensor.From(stored));

    /// <summary>Zeros.</summary>
    public static Tensor Zeros(long[] shape, ScalarType type = ScalarType.Float32) => TestDevice.Place(Tensor.Zeros(shape, type));

    /// <summary>Ones.</summary>
    public static Tensor Ones(long[] shape, ScalarType type = ScalarType.Float32) => TestDevice.Place(Tensor.Ones(shape, type));

    /// <summary>One value everywhere.</summary>
    public static Tensor Full(long[] shape, double value, ScalarType type = ScalarType.Float32) =>
        TestDevice.Place(Tensor.Full(shape, value, type));

    /// <summary>start, start + step, ... below end; int64 [n].</summary>
    public static Tensor Arange(long start, long end, long step = 1) => TestDevice.Place(Tensor.Arange(start, end, step));

    /// <summary>Standard normal values.</summary>
    public static Tensor RandomNormal(long[] shape, ScalarType type = ScalarType.Float32) =>
        TestDevice.Place(Tensor.RandomNormal(shape, type));

    /// <summary>Uniform values in [0, 1).</summary>
    public static Tensor RandomUniform(long[] shape, ScalarType type = ScalarType.Float32) =>
        TestDevice.Place(Tensor.RandomUniform(shape, type));
}

using System.Runtime.InteropServices;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

/// <summary>Small stored tensors.</summary>
internal static class TestTensors
{
    public static StoredTensor Floats(long[] shape, params float[] values) =>
        new(ScalarType.Float32, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>A tensor of any type with bytes from a seeded generator.</summary>
    public static StoredTensor Random(ScalarType type, long[] shape, int seed)
    {
        byte[] bytes = new byte[shape.Aggregate(1L, (a, b) => a * b) * type.ElementSize()];
        new Random(seed).NextBytes(bytes);
        if (type == ScalarType.Bool)
        {
            bytes = [.. bytes.Select(b => (byte)(b & 1))];
        }

        return new StoredTensor(type, shape, bytes);
    }
}

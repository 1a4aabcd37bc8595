using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Testing;

/// <summary>Comparisons of tensors with golden values.</summary>
public static class Near
{
    /// <summary>
    /// Same shape, and each value within tolerance * max(1, |expected|), on a GPU within <see cref="TestDevice.Tolerance"/> of it; NaN
    /// equals NaN.
    /// </summary>
    public static void Equal(StoredTensor expected, Tensor actual, double tolerance)
    {
        Xunit.Assert.Equal(expected.Shape, actual.Shape);
        Equal(expected.As<float>(), actual.ToArray<float>(), tolerance);
    }

    /// <summary>Same length, and each value within the same bound.</summary>
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        tolerance = TestDevice.Tolerance(tolerance);
        for (int k = 0; k < expected.Length; k++)
        {
            bool near = Math.Abs((double)expected[k] - actual[k]) <= tolerance * Math.Max(1, Math.Abs(expected[k]));
            Xunit.Assert.True(near || (float.IsNaN(expected[k]) && float.IsNaN(actual[k])),
                $"[{k}]: expected {expected[k]}, got {actual[k]} (tolerance {tolerance})");
        }
    }
}

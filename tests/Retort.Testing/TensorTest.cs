using Retort.Torch;
using Retort.Torch.Checkpoints;
using Xunit;

namespace Retort.Testing;

/// <summary>A test whose tensors live in one scope, and which fails when any outlives it.</summary>
public abstract class TensorTest : LeakCheckedTest
{
    private readonly TensorScope _scope = new();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _scope.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static void Close(ReadOnlySpan<float> expected, Tensor actual, double relative = 1e-5, double absolute = 1e-6) =>
        Close(expected, actual.ToArray<float>(), relative, absolute);

    protected static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double relative = 1e-5, double absolute = 1e-6)
    {
        Assert.Equal(expected.Length, actual.Length);
        (relative, absolute) = (TestDevice.Tolerance(relative), TestDevice.Tolerance(absolute));
        for (int k = 0; k < expected.Length; k++)
        {
            bool close = float.IsNaN(expected[k]) ? float.IsNaN(actual[k])
                : Math.Abs(expected[k] - actual[k]) <= absolute + (relative * Math.Abs(expected[k]));
            Assert.True(close, $"element {k}: expected {expected[k]:R}, got {actual[k]:R}");
        }
    }

    /// <summary>A stored tensor as a leaf that collects its gradient.</summary>
    protected static Tensor Leaf(StoredTensor stored)
    {
        Tensor leaf = TestTensor.From(stored);
        leaf.RequiresGrad = true;
        return leaf;
    }

    /// <summary>The gradient of an output's sum with respect to a leaf, zero where it takes no part.</summary>
    protected static Tensor Gradient(Tensor output, Tensor leaf) =>
        Tensor.Gradients(output.Sum(), [leaf], retainGraph: true)[0] ?? leaf.ZerosLike();
}

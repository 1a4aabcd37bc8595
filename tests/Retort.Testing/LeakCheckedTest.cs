using Retort.Torch;

namespace Retort.Testing;

/// <summary>Base of test classes in which every test must free each tensor that it makes.</summary>
public abstract class LeakCheckedTest : IDisposable
{
    private readonly long _before = Tensor.LiveCount;

    /// <summary>Fails the test if tensors are left.</summary>
    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        Xunit.Assert.Equal(_before, Tensor.LiveCount);
    }
}

namespace Retort.Torch.Tests;

public class TensorScopeTests
{
    [Fact]
    public void A_scope_frees_all_that_it_holds()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            for (int k = 0; k < 1000; k++)
            {
                _ = Tensor.Ones([3]) + 1;
            }

            Assert.Equal(before + 2000, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_kept_tensor_outlives_its_scope_and_a_disposed_one_throws()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            Tensor kept, lost;
            using (var inner = new TensorScope())
            {
                lost = Tensor.Ones([2]);
                kept = inner.Keep(lost * 3);
            }

            Assert.Equal([3f, 3f], kept.ToArray<float>());
            Assert.Throws<ObjectDisposedException>(() => lost.Sum());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Disposing_twice_is_harmless()
    {
        long before = Tensor.LiveCount;
        Tensor tensor = Tensor.Ones([2]);
        tensor.Dispose();
        tensor.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Scopes_close_in_reverse_order()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
    }
}

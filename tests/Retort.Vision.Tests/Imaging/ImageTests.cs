using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Imaging;

public class ImageTests
{
    [Fact]
    public void Sizes_outside_the_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(50_000, 50_000));
        Assert.Throws<ArgumentException>(() => new Image(2, 2, new byte[11]));
    }

    [Fact]
    public void A_disposed_image_has_no_pixels()
    {
        var image = new Image(2, 2);
        image.Dispose();
        image.Dispose();
        Assert.Throws<ObjectDisposedException>(() => image.Pixels.Length);
        Assert.Throws<ObjectDisposedException>(() => image.Row(0).Length);
    }

    [Fact]
    public void Memory_is_reused_up_to_the_limit()
    {
        var pool = new NativeBufferPool(retainedLimit: 10_000);
        NativeBuffer first = pool.Rent(5000);
        NativeBuffer second = pool.Rent(5000);
        pool.Return(first);
        Assert.Same(first, pool.Rent(5001));
        pool.Return(first);
        pool.Return(second); // beyond the limit: freed
        Assert.True(second.IsClosed);
        Assert.Equal(first.Capacity, pool.Retained);
    }
}

using Retort.Vision.Drawing;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Drawing;

public sealed class DotPainterTests
{
    [Fact]
    public void A_small_dot_lies_on_a_large_one_and_nothing_else_changes()
    {
        using Image grey = BoxPainterTests.Plain(60, 40, 128);
        using Image large = DotPainter.Draw(grey, [new DrawnDot(20, 20, 10, 0)]);
        using Image both = DotPainter.Draw(grey, [new DrawnDot(20, 20, 3, 1), new DrawnDot(20, 20, 10, 0)]);
        static byte[] Pixel(Image image, int x, int y) => image.Row(y).Slice(3 * x, 3).ToArray();
        Assert.Equal((60, 40), (both.Width, both.Height));
        Assert.True(Pixel(large, 20, 20)[2] > 200, "red, as the first class");
        Assert.True(Pixel(both, 20, 20)[0] > 200, "blue, as the second");
        Assert.Equal(Pixel(large, 27, 20), Pixel(both, 27, 20));
        Assert.All([(20, 5), (35, 20), (59, 39)], p => Assert.Equal([128, 128, 128], Pixel(both, p.Item1, p.Item2)));
        Assert.All(grey.Pixels.ToArray(), value => Assert.Equal(128, value));
    }
}

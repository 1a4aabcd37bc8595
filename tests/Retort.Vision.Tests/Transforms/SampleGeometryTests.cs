using CsCheck;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Transforms;

public class SampleGeometryTests
{
    private static readonly Gen<SampleGeometry> Geometries =
        Gen.Select(Gen.Int[1, 900], Gen.Int[1, 900], Gen.Int[1, 1500], Gen.Int[1, 1500], Gen.Bool, Gen.Bool, (w, h, a, b, flipX, flipY) =>
        {
            var original = new ImageSize(w, h);
            ImageSize resized = new ImageScale(a, b).Fit(original);
            return new SampleGeometry(original, resized, resized.RoundUp(32), flipX, flipY);
        });

    [Fact]
    public void A_box_inside_comes_back() =>
        Gen.Select(Geometries, Gen.Float[0, 1], Gen.Float[0, 1], Gen.Float[0, 1], Gen.Float[0, 1]).Sample((g, a, b, c, d) =>
    {
        (float w, float h) = (g.Original.Width, g.Original.Height);
        var box = new Box(Math.Min(a, b) * w, Math.Min(c, d) * h, Math.Max(a, b) * w, Math.Max(c, d) * h);
        Box back = Inverse(g, g.Apply(box));
        float tolerance = 1e-4f * (w + h) * Math.Max(1, Math.Max(1 / g.ScaleX, 1 / g.ScaleY));
        return Math.Abs(back.X1 - box.X1) <= tolerance && Math.Abs(back.Y1 - box.Y1) <= tolerance
            && Math.Abs(back.X2 - box.X2) <= tolerance && Math.Abs(back.Y2 - box.Y2) <= tolerance;
    });

    [Fact]
    public void Results_lie_inside_the_resized_image() => Gen.Select(Geometries, Gen.Float[-2000, 2000].Array[4]).Sample((g, v) =>
    {
        Box box = g.Apply(new Box(Math.Min(v[0], v[1]), Math.Min(v[2], v[3]), Math.Max(v[0], v[1]), Math.Max(v[2], v[3])));
        return box.X1 >= 0 && box.Y1 >= 0 && box.X2 <= g.Resized.Width && box.Y2 <= g.Resized.Height && box.X1 <= box.X2
            && box.Y1 <= box.Y2;
    });

    [Fact]
    public void Sizes_fit_the_scale_and_keep_the_ratio() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 5000], Gen.Int[16, 2000], Gen.Int[16, 2000]).Sample((w, h, a, b) =>
    {
        ImageSize size = new ImageScale(a, b).Fit(new ImageSize(w, h));
        double factor = Math.Min((double)Math.Max(a, b) / Math.Max(w, h), (double)Math.Min(a, b) / Math.Min(w, h));
        return Math.Max(size.Width, size.Height) <= Math.Max(a, b) && Math.Min(size.Width, size.Height) <= Math.Max(1, Math.Min(a, b))
            && Math.Abs(size.Width - (w * factor)) <= 1 && Math.Abs(size.Height - (h * factor)) <= 1;
    });

    private static Box Inverse(SampleGeometry g, Box box)
    {
        (float left, float right) = g.FlipHorizontal ? (g.Resized.Width - box.X2, g.Resized.Width - box.X1) : (box.X1, box.X2);
        (float top, float bottom) = g.FlipVertical ? (g.Resized.Height - box.Y2, g.Resized.Height - box.Y1) : (box.Y1, box.Y2);
        return new Box(left / g.ScaleX, top / g.ScaleY, right / g.ScaleX, bottom / g.ScaleY);
    }
}

using CsCheck;
using Retort.Core.Geometry;
using Retort.Torch.Checkpoints;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Transforms;

public class RotatedGeometryTests
{
    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData(AngleConvention.Oc, "oc")]
    [InlineData(AngleConvention.Le90, "le90")]
    [InlineData(AngleConvention.Le135, "le135")]
    public void Resized_and_mirrored_boxes_equal_the_reference(AngleConvention convention, string name)
    {
        SafetensorsFile golden = Golden.Read($"pipeline_rotated_{name}");
        float[] factors = [.. golden.Metadata["scale_factor"].Split(',')
            .Select(f => float.Parse(f, System.Globalization.CultureInfo.InvariantCulture))];
        int[] shape = [.. golden.Metadata["flip_img_shape"].Trim('(', ')').Split(',').Select(int.Parse)];
        var image = new ImageSize(shape[1], shape[0]);
        Check("resized", b => RotatedGeometry.Resize(b, factors[0], factors[1]));
        Check("flip_horizontal", b => RotatedGeometry.Mirror(b, image, true, false, convention, MirrorRule.Reference));
        Check("flip_vertical", b => RotatedGeometry.Mirror(b, image, false, true, convention, MirrorRule.Reference));
        Check("flip_diagonal", b => RotatedGeometry.Mirror(b, image, true, true, convention, MirrorRule.Reference));

        void Check(string key, Func<RotatedBox, RotatedBox> transform) => Near.Equal(
            golden.Tensors[key].As<float>(),
                [.. golden.Tensors["boxes_in"].As<float>().ToArray().Chunk(5).SelectMany(b => Numbers(transform(Box(b))))], 1e-5);
    }

    [Fact]
    public void A_mirrored_box_is_the_mirror_of_its_corners()
    {
        var size = new ImageSize(400, 300);
        Boxes.Sample(box =>
        {
            foreach (AngleConvention convention in Enum.GetValues<AngleConvention>())
            {
                RotatedBox canonical = box.In(convention);
                RotatedBox mirrored = RotatedGeometry.Mirror(canonical, size, true, false, convention, MirrorRule.Exact);
                Quadrilateral corners = canonical.Corners;
                Quadrilateral expected = new(
                    size.Width - corners.X1, corners.Y1, size.Width - corners.X2, corners.Y2, size.Width - corners.X3, corners.Y3,
                        size.Width - corners.X4, corners.Y4);
                Assert.True(mirrored.Corners.Overlap(expected) > 0.9999, $"{canonical} became {mirrored}");
                Assert.Equal(mirrored.In(convention).Width, mirrored.Width, 1e-3);
            }
        });
    }

    [Fact]
    public void A_rotated_box_lies_where_the_pixels_of_the_rotated_image_lie()
    {
        using var image = new Image(120, 90);
        image.Pixels.Clear();
        var box = new RotatedBox(70, 40, 30, 16, 0);
        for (int y = 32; y < 48; y++)
        {
            image.Row(y)[(55 * 3)..(85 * 3)].Fill(255);
        }

        const double Angle = 0.6;
        using Image turned = ImageRotation.Rotate(image, Angle);
        RotatedBox expected = RotatedGeometry.Rotate(box, new ImageSize(120, 90), Angle, AngleConvention.Oc);
        (double mass, double x, double y2) = Centre(turned);
        Assert.Equal(expected.CentreX, x, 0.1);
        Assert.Equal(expected.CentreY, y2, 0.1);
        Assert.Equal(expected.Area, mass, 8.0);
        Assert.Equal(255, turned.Row((int)expected.CentreY)[(int)expected.CentreX * 3]);
    }

    [Fact]
    public void A_rotation_by_nothing_changes_no_pixel()
    {
        using Image image = Pictures.Scene(31, 22, 5);
        using Image turned = ImageRotation.Rotate(image, 0);
        Assert.True(image.Pixels.SequenceEqual(turned.Pixels));
    }

    private static readonly Gen<RotatedBox> Boxes =
        Gen.Select(Gen.Float[0, 400], Gen.Float[0, 300], Gen.Float[4, 90], Gen.Float[4, 90], Gen.Float[-3, 3])
        .Select((x, y, w, h, a) => new RotatedBox(x, y, w, h, a));

    private static (double Mass, double X, double Y) Centre(Image image)
    {
        (double mass, double x, double y) = (0, 0, 0);
        for (int row = 0; row < image.Height; row++)
        {
            for (int column = 0; column < image.Width; column++)
            {
                double value = image.Row(row)[column * 3] / 255.0;
                (mass, x, y) = (mass + value, x + (value * (column + 0.5)), y + (value * (row + 0.5)));
            }
        }

        return (mass, x / mass, y / mass);
    }

    private static RotatedBox Box(float[] b) => new(b[0], b[1], b[2], b[3], b[4]);

    private static float[] Numbers(RotatedBox b) => [b.CentreX, b.CentreY, b.Width, b.Height, b.Angle];
}

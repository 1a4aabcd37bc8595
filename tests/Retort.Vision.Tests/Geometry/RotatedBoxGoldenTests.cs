using Retort.Core.Geometry;
using Retort.Torch.Checkpoints;
using Retort.Vision.Data;

namespace Retort.Vision.Tests.Geometry;

/// <summary>Conversions between rotated boxes, polygons and upright boxes, against the reference's.</summary>
[Trait("Category", Golden.Category)]
public class RotatedBoxGoldenTests
{
    public static TheoryData<AngleConvention> Conventions => [.. Enum.GetValues<AngleConvention>()];

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Corners_are_the_references(AngleConvention convention)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Read(convention);
        Each(golden["obb"], golden["poly"], (box, polygon) => Close(polygon, Box(box).Corners.ToArray()));
        Each(golden["obb"], golden["xyxy"], (box, corners) =>
        {
            Box enclosing = Box(box).Enclosing;
            Close(corners, [enclosing.X1, enclosing.Y1, enclosing.X2, enclosing.Y2]);
        });
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Hulls_are_the_references_to_the_last_bit(AngleConvention convention)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Read(convention);
        (int equal, int inDouble, int all) = (0, 0, 0);
        Each(golden["obb"], golden["xyxy"], (box, corners) =>
        {
            Box enclosing = Box(box).Enclosing;
            equal += Equal(corners, [enclosing.X1, enclosing.Y1, enclosing.X2, enclosing.Y2]);
            inDouble += Equal(corners, InDouble(Box(box)));
            all += corners.Length;
        });

        // Sines of two libraries may differ in the last bit, once in a long while. In double precision one corner in ten does, so that is
        // the bound for any boxes.
        Assert.InRange(equal, 1, all);
        Assert.True(equal == all || equal > inDouble, $"{equal} of {all}, and {inDouble} in double precision");

        static int Equal(double[] expected, double[] actual) => expected.Zip(actual).Count(pair => (float)pair.First == (float)pair.Second);
    }

    private static double[] InDouble(RotatedBox box)
    {
        (double sine, double cosine) = (Math.Abs(Math.Sin(box.Angle)), Math.Abs(Math.Cos(box.Angle)));
        double x = ((cosine * box.Width) + (sine * box.Height)) / 2, y = ((sine * box.Width) + (cosine * box.Height)) / 2;
        return [box.CentreX - x, box.CentreY - y, box.CentreX + x, box.CentreY + y];
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Result_files_begin_with_the_corner_at_the_top_left(AngleConvention convention)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Read(convention);
        Each(golden["obb_np_in"], golden["obb2poly_np"],
            (box, polygon) => Close(polygon[..8], Box(box[..5]).Corners.BeginningTopLeft().ToArray()));
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Upright_boxes_follow_the_convention(AngleConvention convention)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Read(convention);
        Each(golden["obb"], golden["hbb_obb"],
            (box, expected) => Same(expected, RotatedBox.From(Box(box).Enclosing, convention), convention));
        Each(golden["hbb"], golden["hbb_to_obb"],
            (box, expected) =>
            Same(expected, RotatedBox.From(new Box((float)box[0], (float)box[1], (float)box[2], (float)box[3]), convention), convention));
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void Polygons_become_the_references_boxes(AngleConvention convention)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Read(convention);
        Each(golden["poly"], golden["poly_to_obb"],
            (polygon, expected) => Same(expected, Quadrilateral.From(polygon).ToRotatedBox(convention), convention));

        // The reference drops polygons with a side under two pixels (NaN); that is a choice of the data set, not of geometry.
        Each(golden["poly_np_in"], golden["poly2obb_np"], (polygon, expected) =>
        {
            RotatedBox box = Quadrilateral.From(polygon).ToRotatedBox(convention);
            if (double.IsNaN(expected[0]))
            {
                Assert.True(Math.Min(box.Width, box.Height) < 2);
            }
            else
            {
                Same(expected, box, convention);
            }
        });
    }

    // All five numbers are the same. Only at the ends of oc's range, where a quarter turn leads from one to the other, rounding decides
    // which side is the width.
    private static void Same(double[] expected, RotatedBox actual, AngleConvention convention)
    {
        RotatedBox wanted = Box(expected);
        RotatedBox turned = wanted with { Width = wanted.Height, Height = wanted.Width, Angle = (MathF.PI / 2) - wanted.Angle };
        bool atEnd = convention == AngleConvention.Oc && Math.Min(Math.Abs(wanted.Angle), Math.Abs(turned.Angle)) < 1e-3;
        Assert.True(HasNumbers(wanted, actual) || (atEnd && HasNumbers(turned, actual)), $"{wanted} and {actual}");
    }

    // The angle as exactly as the end of the longer side can tell it.
    private static bool HasNumbers(RotatedBox wanted, RotatedBox actual) =>
        Math.Max(Math.Abs(wanted.CentreX - actual.CentreX), Math.Abs(wanted.CentreY - actual.CentreY)) < 2e-3
        && Math.Max(Math.Abs(wanted.Width - actual.Width), Math.Abs(wanted.Height - actual.Height)) < 5e-3
        && Math.Abs(wanted.Angle - actual.Angle) * Math.Max(actual.Width, actual.Height) / 2 < 5e-3;

    private static void Close(double[] expected, double[] actual)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], actual[k], 2e-3);
        }
    }

    private static RotatedBox Box(double[] numbers) =>
        new((float)numbers[0], (float)numbers[1], (float)numbers[2], (float)numbers[3], (float)numbers[4]);

    private static void Each(StoredTensor inputs, StoredTensor outputs, Action<double[], double[]> check)
    {
        (double[][] rows, double[][] expected) = (Rows(inputs), Rows(outputs));
        Assert.Equal(rows.Length, expected.Length);
        for (int k = 0; k < rows.Length; k++)
        {
            check(rows[k], expected[k]);
        }
    }

    private static double[][] Rows(StoredTensor tensor)
    {
        double[] numbers = tensor.Type == Torch.ScalarType.Float64 ? tensor.As<double>().ToArray()
            : Array.ConvertAll(tensor.As<float>().ToArray(), f => (double)f);
        return [.. numbers.Chunk((int)tensor.Shape[^1])];
    }

    private static IReadOnlyDictionary<string, StoredTensor> Read(AngleConvention convention) =>
        Golden.Read($"rot_convert_{convention.ToString().ToLowerInvariant()}").Tensors;
}

using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Drawing;
using Retort.Vision.Imaging;
using SkiaSharp;

namespace Retort.Vision.Tests.Drawing;

public sealed class BoxPainterTests
{
    private static readonly string[] Names = ["cat", "dog"];

    [Fact]
    public void The_line_has_the_colour_of_the_class_and_lies_on_the_box()
    {
        using Image grey = Plain(400, 400, 128);
        using Image drawn = BoxPainter.Draw(grey, [new DrawnBox(new Box(100, 120, 300, 280), 1)], Names);
        Assert.Equal((400, 400), (drawn.Width, drawn.Height));
        SKColor dog = ClassColors.Of(1);
        foreach ((int x, int y) in new[] { (200, 120), (200, 280), (100, 200), (300, 200) })
        {
            Assert.True(Near(drawn, x, y, dog), $"no line at {x}, {y}");
        }

        Assert.Equal([128, 128, 128], drawn.Row(200).Slice(3 * 200, 3).ToArray());
        Assert.Equal([128, 128, 128], drawn.Row(390).Slice(3 * 390, 3).ToArray());
        Assert.All(grey.Pixels.ToArray(), value => Assert.Equal(128, value));
    }

    [Fact]
    public void Pixels_that_no_box_covers_are_those_of_the_image()
    {
        using var stripes = new Image(400, 400);
        for (int y = 0; y < 400; y++)
        {
            stripes.Row(y).Fill((byte)(y % 2 == 0 ? 255 : 0));
        }

        using Image drawn = BoxPainter.Draw(stripes, [], Names, new DrawOptions { Scale = 1 });
        Assert.True(drawn.Pixels.SequenceEqual(stripes.Pixels));
        using Image sheet = ContactSheet.Compose([new(stripes)], 1);
        Assert.True(sheet.Row(10 + 7).Slice(3 * 10, 3 * 400).SequenceEqual(stripes.Row(7)));
        Assert.True(sheet.Row(10 + 8).Slice(3 * 10, 3 * 400).SequenceEqual(stripes.Row(8)));
    }

    [Fact]
    public void A_rotated_box_is_drawn_by_its_own_sides()
    {
        using Image grey = Plain(400, 400, 128);
        var shape = new RotatedBox(200, 200, 160, 80, MathF.PI / 6);
        using Image drawn = BoxPainter.Draw(grey, [new DrawnBox(shape.Enclosing, 1, Rotated: shape)], Names,
            new DrawOptions { ShowLabels = false });
        Quadrilateral corners = shape.Corners;
        foreach ((double x, double y)
            in new[] { ((corners.X1 + corners.X2) / 2, (corners.Y1 + corners.Y2) / 2),
            ((corners.X2 + corners.X3) / 2, (corners.Y2 + corners.Y3) / 2) })
        {
            Assert.True(Near(drawn, (int)Math.Round(x), (int)Math.Round(y), ClassColors.Of(1)), $"no line at {x}, {y}");
        }

        // The corner of the enclosing box is free.
        Assert.Equal([128, 128, 128], drawn.Row((int)shape.Enclosing.Y1 + 1).Slice(3 * ((int)shape.Enclosing.X1 + 1), 3).ToArray());
    }

    [Fact]
    public void Small_pictures_are_enlarged_with_their_boxes()
    {
        using Image grey = Plain(100, 90, 128);
        using Image drawn = BoxPainter.Draw(grey, [new DrawnBox(new Box(20, 30, 60, 70), 0)], Names);
        Assert.Equal((400, 360), (drawn.Width, drawn.Height));
        Assert.True(Near(drawn, 80, 200, ClassColors.Of(0)));
    }

    [Fact]
    public void Text_really_appears_and_differs_by_score()
    {
        using Image grey = Plain(400, 400, 128);
        DrawnBox box = new(new Box(100, 120, 300, 280), 1);
        int without = Changed(grey, box, new DrawOptions { ShowLabels = false });
        int name = Changed(grey, box, new DrawOptions());
        int withScore = Changed(grey, box with { Score = 0.87f }, new DrawOptions());
        Assert.True(without < name && name < withScore, $"{without}, {name}, {withScore} changed pixels");

        // The plate is not just a patch of colour: the text on it is dark.
        using Image drawn = BoxPainter.Draw(grey, [box], Names);
        Assert.Contains(Enumerable.Range(100, 40 * 14), i => Dark(drawn, 100 + (i % 40), 106 + (i / 40)));
    }

    [Theory]
    [InlineData(-50, -50, 20, 20)]
    [InlineData(380, 390, 500, 500)]
    [InlineData(0, 0, 400, 400)]
    [InlineData(600, 600, 700, 700)]
    public void Boxes_at_and_over_the_border_and_unknown_labels_do_no_harm(float x1, float y1, float x2, float y2)
    {
        using Image grey = Plain(400, 400, 128);
        using Image drawn = BoxPainter.Draw(grey, [new DrawnBox(new Box(x1, y1, x2, y2), 99, 0.5f),
            new DrawnBox(new Box(x1, y1, x2, y2), -1)], Names);
        Assert.Equal((400, 400), (drawn.Width, drawn.Height));
    }

    [Fact]
    public void Dashed_lines_have_gaps()
    {
        using Image grey = Plain(400, 400, 128);
        DrawOptions bare = new() { ShowLabels = false };
        DrawnBox box = new(new Box(50, 50, 350, 350), 0);
        using Image whole = BoxPainter.Draw(grey, [box], Names, bare);
        using Image dashed = BoxPainter.Draw(grey, [box with { Dashed = true }], Names, bare);
        int Count(Image image) => Enumerable.Range(60, 280).Count(x => Near(image, x, 50, ClassColors.Of(0)));
        Assert.Equal(280, Count(whole));
        Assert.InRange(Count(dashed), 80, 240);
    }

    [Fact]
    public void Classes_have_colours_of_their_own()
    {
        SKColor[] colours = [.. Enumerable.Range(0, 80).Select(ClassColors.Of)];
        Assert.Equal(80, colours.Distinct().Count());
        Assert.All(colours, c => Assert.True(c.Red + c.Green + c.Blue > 200));
    }

    [Theory]
    [InlineData("Größe × 2 – Ωλ Жук", "Größe × 2 – Ωλ Жук")]
    [InlineData("a\n漢😀", "a□□□")]
    public void Characters_without_a_glyph_become_boxes(string text, string drawable)
    {
        using SKFont font = Lettering.Font(12);
        Assert.Equal(drawable, Lettering.Drawable(font, text));
        Assert.True(font.MeasureText(drawable) > 10);
    }

    internal static Image Plain(int width, int height, byte value)
    {
        Image image = new(width, height);
        image.Pixels.Fill(value);
        return image;
    }

    internal static bool Near(Image image, int x, int y, SKColor colour)
    {
        Span<byte> bgr = image.Row(y).Slice(3 * x, 3);
        return Math.Abs(bgr[0] - colour.Blue) + Math.Abs(bgr[1] - colour.Green) + Math.Abs(bgr[2] - colour.Red) < 90;
    }

    private static bool Dark(Image image, int x, int y) => image.Row(y).Slice(3 * x, 3).ToArray().All(v => v < 40);

    private static int Changed(Image image, DrawnBox box, DrawOptions options)
    {
        using Image drawn = BoxPainter.Draw(image, [box], Names, options);
        return drawn.Pixels.ToArray().Count(v => v != 128);
    }
}

using Retort.Core.Geometry;

namespace Retort.Vision.Tests.Geometry;

/// <summary>Lists of upright and of rotated boxes.</summary>
public class BoxesTests
{
    private static readonly RotatedBox s_shape = new(30, 20, 16, 8, 0.5f);

    [Fact]
    public void A_rotated_box_is_moved_by_its_centre_and_an_upright_one_by_both_corners()
    {
        Assert.Equal([11, 22, 13, 24], Boxes.Upright(1, 2, 3, 4).Move(10, 20).ToArray());
        Assert.Equal([40, 40, 16, 8, 0.5f], Boxes.Rotated([s_shape]).Move(10, 20).ToArray());
    }

    [Fact]
    public void Boxes_are_enclosed_by_upright_ones()
    {
        Boxes upright = Boxes.Upright(1, 2, 3, 4);
        Assert.Same(upright, upright.Enclose());
        Boxes around = Boxes.Rotated([s_shape]).Enclose();
        Assert.Equal((BoxForm.Upright, s_shape.Enclosing), (around.Form, around.Enclosing(0)));
        Assert.Equal(s_shape, Boxes.Rotated([s_shape]).RotatedAt(0));
    }

    [Fact]
    public void Upright_boxes_are_clipped_and_the_centres_of_rotated_ones_are_moved_onto_a_pixel()
    {
        float[] upright = [-5, 3, 200, 60], rotated = [-5, 70, 16, 8, 0.5f];
        BoxForm.Upright.Clip(upright, 100, 50);
        BoxForm.Rotated.Clip(rotated, 100, 50);
        Assert.Equal([0, 3, 100, 50], upright);
        Assert.Equal([0, 49, 16, 8, 0.5f], rotated);
    }

    [Fact]
    public void Scaling_is_undone_but_for_the_angle()
    {
        float[] upright = [10, 20, 30, 40], rotated = [10, 20, 30, 40, 0.5f];
        BoxForm.Upright.Unscale(upright, 2, 4);
        BoxForm.Rotated.Unscale(rotated, 2, 4);
        Assert.Equal([5, 5, 15, 10], upright);
        Assert.Equal([5, 5, 15, 10, 0.5f], rotated);
    }

    [Fact]
    public void Lists_are_selected_from_and_joined()
    {
        Boxes boxes = Boxes.Upright(1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal([5, 6, 7, 8, 1, 2, 3, 4], boxes.Select([1, 0]).ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9], Boxes.Join(BoxForm.Upright, [boxes, Boxes.None, Boxes.Upright(9, 9, 9, 9)])
            .ToArray());
        Assert.Equal(0, Boxes.Join(BoxForm.Rotated, []).Count);
        Assert.Throws<ArgumentException>(() => Boxes.Join(BoxForm.Upright, [boxes, Boxes.Rotated([s_shape])]));
    }

    [Fact]
    public void The_longer_side_of_either_form()
    {
        Assert.Equal(7, Boxes.Upright(0, 0, 7, 3).LongerSide(0));
        Assert.Equal(16, Boxes.Rotated([s_shape]).LongerSide(0));
    }

    [Fact]
    public void Numbers_that_make_no_whole_box_and_another_form_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Boxes.Upright(1, 2, 3));
        Assert.Throws<ArgumentException>(() => Boxes.Rotated(1, 2, 3, 4));
        Assert.Throws<ArgumentException>(() => Boxes.Upright(1, 2, 3, 4).RotatedAt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BoxForms.FromNumbers(6));
        Assert.Equal((BoxForm.Upright, BoxForm.Rotated), (BoxForms.FromNumbers(4), BoxForms.FromNumbers(5)));
    }
}

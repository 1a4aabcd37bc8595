namespace Retort.Core.Geometry;

/// <summary>
/// A list of boxes of one form, such as the detections in an image. The boxes cannot be changed; operations return new lists.
/// </summary>
public sealed class Boxes
{
    private readonly float[] _numbers;

    /// <summary>Wraps the numbers of boxes.</summary>
    /// <param name="form">The form of every box.</param>
    /// <param name="numbers">The numbers of each box in turn, pixels and radians; the array is not copied and must not change
    /// afterwards.</param>
    /// <exception cref="ArgumentException">The numbers are no whole number of boxes.</exception>
    public Boxes(BoxForm form, float[] numbers)
    {
        if (numbers.Length % form.Numbers() != 0)
        {
            throw new ArgumentException($"{numbers.Length} numbers are no whole number of boxes of {form.Numbers()} numbers each",
                nameof(numbers));
        }

        (Form, _numbers) = (form, numbers);
    }

    /// <summary>No upright boxes.</summary>
    public static Boxes None { get; } = Upright();

    /// <summary>The form of every box.</summary>
    public BoxForm Form { get; }

    /// <summary>Number of boxes, K.</summary>
    public int Count => _numbers.Length / Size;

    /// <summary>The numbers of each box in turn, pixels and radians; length 4*K, or 5*K for rotated boxes.</summary>
    public ReadOnlySpan<float> Numbers => _numbers;

    /// <summary>The numbers of one box.</summary>
    /// <param name="index">Its place, from 0.</param>
    public ReadOnlySpan<float> this[int index] => _numbers.AsSpan(Size * index, Size);

    private int Size => Form.Numbers();

    /// <summary>Upright boxes.</summary>
    /// <param name="numbers">x1, y1, x2, y2 of each box in turn, pixels.</param>
    /// <exception cref="ArgumentException">The numbers are no whole number of boxes.</exception>
    public static Boxes Upright(params float[] numbers) => new(BoxForm.Upright, numbers);

    /// <summary>Upright boxes.</summary>
    /// <param name="boxes">The boxes, pixels.</param>
    public static Boxes Upright(IEnumerable<Box> boxes) =>
        new(BoxForm.Upright, [.. boxes.SelectMany(b => new[] { b.X1, b.Y1, b.X2, b.Y2 })]);

    /// <summary>Rotated boxes.</summary>
    /// <param name="numbers">Centre x, centre y, width, height and angle of each box in turn, pixels and radians.</param>
    /// <exception cref="ArgumentException">The numbers are no whole number of boxes.</exception>
    public static Boxes Rotated(params float[] numbers) => new(BoxForm.Rotated, numbers);

    /// <summary>Rotated boxes.</summary>
    /// <param name="boxes">The boxes, pixels and radians.</param>
    public static Boxes Rotated(IEnumerable<RotatedBox> boxes) =>
        new(BoxForm.Rotated, [.. boxes.SelectMany(b => new[] { b.CentreX, b.CentreY, b.Width, b.Height, b.Angle })]);

    /// <summary>The boxes of several lists in turn.</summary>
    /// <param name="form">The form of all lists.</param>
    /// <param name="lists">The lists.</param>
    /// <exception cref="ArgumentException">A list has boxes of another form.</exception>
    public static Boxes Join(BoxForm form, IReadOnlyCollection<Boxes> lists)
    {
        var numbers = new float[lists.Sum(list => list._numbers.Length)];
        int end = 0;
        foreach (Boxes list in lists)
        {
            list.Require(form);
            list._numbers.CopyTo(numbers, end);
            end += list._numbers.Length;
        }

        return new Boxes(form, numbers);
    }

    /// <summary>An upright box, or the smallest upright box around a rotated one.</summary>
    /// <param name="index">Its place, from 0.</param>
    public Box Enclosing(int index)
    {
        ReadOnlySpan<float> box = this[index];
        return Form == BoxForm.Upright ? new Box(box[0], box[1], box[2], box[3]) : RotatedAt(index).Enclosing;
    }

    /// <summary>A rotated box.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <exception cref="ArgumentException">The boxes are upright.</exception>
    public RotatedBox RotatedAt(int index)
    {
        Require(BoxForm.Rotated);
        ReadOnlySpan<float> box = this[index];
        return new RotatedBox(box[0], box[1], box[2], box[3], box[4]);
    }

    /// <summary>The longer side of a box, pixels.</summary>
    /// <param name="index">Its place, from 0.</param>
    public float LongerSide(int index)
    {
        ReadOnlySpan<float> box = this[index];
        return Form == BoxForm.Upright ? Math.Max(box[2] - box[0], box[3] - box[1]) : Math.Max(box[2], box[3]);
    }

    /// <summary>Some of the boxes.</summary>
    /// <param name="indices">Their places, from 0, in the order in which they are wanted.</param>
    public Boxes Select(ReadOnlySpan<int> indices)
    {
        var numbers = new float[Size * indices.Length];
        for (int k = 0; k < indices.Length; k++)
        {
            this[indices[k]].CopyTo(numbers.AsSpan(Size * k));
        }

        return new Boxes(Form, numbers);
    }

    /// <summary>The boxes at another place.</summary>
    /// <param name="x">Distance to the right, pixels.</param>
    /// <param name="y">Distance down, pixels.</param>
    public Boxes Move(float x, float y)
    {
        float[] numbers = [.. _numbers];
        for (int start = 0; start < numbers.Length; start += Size)
        {
            Form.Move(numbers.AsSpan(start, Size), x, y);
        }

        return new Boxes(Form, numbers);
    }

    /// <summary>The upright boxes around the boxes; upright boxes as they are.</summary>
    public Boxes Enclose() => Form == BoxForm.Upright ? this : Upright(Enumerable.Range(0, Count).Select(Enclosing));

    /// <summary>A copy of <see cref="Numbers"/>.</summary>
    public float[] ToArray() => [.. _numbers];

    /// <summary>Refuses boxes of another form.</summary>
    /// <param name="form">The form that is needed.</param>
    /// <exception cref="ArgumentException">The boxes have another form.</exception>
    public void Require(BoxForm form)
    {
        if (Form != form)
        {
            throw new ArgumentException($"the boxes are {(Form == BoxForm.Upright ? "upright" : "rotated")}; "
                + $"{(form == BoxForm.Upright ? "upright" : "rotated")} ones are needed");
        }
    }
}

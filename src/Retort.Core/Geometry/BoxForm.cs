namespace Retort.Core.Geometry;

/// <summary>The numbers that describe a box.</summary>
public enum BoxForm
{
    /// <summary>x1, y1, x2, y2: an axis-aligned box, see <see cref="Box"/>.</summary>
    Upright,

    /// <summary>Centre x, centre y, width, height, angle: see <see cref="RotatedBox"/>.</summary>
    Rotated,
}

/// <summary>What depends on the form of a box alone. Functions of spans work in place on the numbers of one box.</summary>
public static class BoxForms
{
    private const int UprightNumbers = 4;
    private const int RotatedNumbers = 5;

    /// <summary>How many numbers a box has.</summary>
    /// <param name="form">The form.</param>
    /// <exception cref="ArgumentOutOfRangeException">The form is not one of the enumeration.</exception>
    public static int Numbers(this BoxForm form) => form switch
    {
        BoxForm.Upright => UprightNumbers,
        BoxForm.Rotated => RotatedNumbers,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "unknown form of boxes"),
    };

    /// <summary>The form of boxes with so many numbers.</summary>
    /// <param name="numbers">Numbers of a box: 4 or 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">No form has so many.</exception>
    public static BoxForm FromNumbers(long numbers) => numbers switch
    {
        UprightNumbers => BoxForm.Upright,
        RotatedNumbers => BoxForm.Rotated,
        _ => throw new ArgumentOutOfRangeException(nameof(numbers), numbers, "a box has four numbers, or five if it is rotated"),
    };

    /// <summary>Moves a box.</summary>
    /// <param name="form">Its form.</param>
    /// <param name="box">Its numbers.</param>
    /// <param name="x">Distance to the right, pixels.</param>
    /// <param name="y">Distance down, pixels.</param>
    public static void Move(this BoxForm form, Span<float> box, float x, float y)
    {
        box[0] += x;
        box[1] += y;
        if (form == BoxForm.Upright)
        {
            box[2] += x;
            box[3] += y;
        }
    }

    /// <summary>
    /// Brings a box into an image: an upright one is clipped; of a rotated one the centre is moved onto the nearest pixel, as published
    /// detectors do. NaN stays NaN.
    /// </summary>
    /// <param name="form">Its form.</param>
    /// <param name="box">Its numbers.</param>
    /// <param name="width">Width of the image, pixels, at least 1.</param>
    /// <param name="height">Height of the image, pixels, at least 1.</param>
    public static void Clip(this BoxForm form, Span<float> box, int width, int height)
    {
        if (form == BoxForm.Rotated)
        {
            // The last pixel's column is width - 1.
            box[0] = Math.Clamp(box[0], 0, width - 1);
            box[1] = Math.Clamp(box[1], 0, height - 1);
            return;
        }

        box[0] = Math.Clamp(box[0], 0, width);
        box[1] = Math.Clamp(box[1], 0, height);
        box[2] = Math.Clamp(box[2], 0, width);
        box[3] = Math.Clamp(box[3], 0, height);
    }

    /// <summary>Undoes a scaling. The angle of a rotated box stays, which is exact for equal factors.</summary>
    /// <param name="form">Its form; the same for both.</param>
    /// <param name="box">Its numbers.</param>
    /// <param name="x">The factor that widths were multiplied by, above 0.</param>
    /// <param name="y">The factor that heights were multiplied by, above 0.</param>
    public static void Unscale(this BoxForm form, Span<float> box, float x, float y)
    {
        box[0] /= x;
        box[1] /= y;
        box[2] /= x;
        box[3] /= y;
    }
}

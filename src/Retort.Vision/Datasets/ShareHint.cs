namespace Retort.Vision.Datasets;

/// <summary>Notices boxes that are given as shares of the image where pixels are expected: all their numbers are from 0 to 1.</summary>
internal sealed class ShareHint
{
    private int _objects;
    private bool _fractions;
    private bool _shares = true;

    /// <summary>Looks at the coordinates of one object, as they are written.</summary>
    public void Add(params ReadOnlySpan<double> coordinates)
    {
        _objects++;
        foreach (double value in coordinates)
        {
            _shares &= value is >= 0 and <= 1;
            _fractions |= value != Math.Floor(value);
        }
    }

    /// <summary>Warns where all objects look like shares.</summary>
    /// <param name="problems">Where the warning is added.</param>
    /// <param name="file">The file or the folder of the objects.</param>
    public void Report(DatasetProblems problems, string file)
    {
        if (_objects > 0 && _shares && _fractions)
        {
            problems.Warn(
                ProblemKind.BadNumber, file, "", $"all numbers of all {_objects} boxes are from 0 to 1: they look like shares of the "
                    + "image's size, where pixels are expected",
                "Multiply them by the width and the height of each image, or read label files of YOLO with data.format=yolo.");
        }
    }
}

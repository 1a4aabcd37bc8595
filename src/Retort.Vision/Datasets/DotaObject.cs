namespace Retort.Vision.Datasets;

/// <summary>One line of a DOTA label file.</summary>
/// <param name="Polygon">x1, y1, x2, y2, x3, y3, x4, y4 [8], finite also in single precision, in pixels of the image, as written: the
/// points may lie outside it.</param>
/// <param name="ClassName">The class as written.</param>
/// <param name="Difficulty">0 easy, 1 difficult, 2 cut by the edge of a window, other grades up to 100; 0 where the line has none.</param>
/// <param name="Line">Number of the line in the file, from 1.</param>
public sealed record DotaObject(double[] Polygon, string ClassName, int Difficulty, int Line);

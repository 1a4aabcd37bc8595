namespace Retort.Vision.Imaging;

/// <summary>Takes the rows that a resize produces, from the top down.</summary>
internal unsafe interface IResizeSink
{
    /// <summary>
    /// Takes row <paramref name="y"/>: four bytes a pixel (blue, green, red, arbitrary), readable up to the next multiple of eight pixels.
    /// </summary>
    void Accept(int y, byte* bgrx);
}

namespace Retort.Benchmarks.Devices;

/// <summary>How much work the device check does.</summary>
/// <param name="Steps">Steps of training on drawn data.</param>
/// <param name="DrawnSide">Width and height of the drawn images, pixels.</param>
/// <param name="Student">Layers of the student's backbone.</param>
/// <param name="Teacher">Layers of the teacher's backbone.</param>
/// <param name="Height">Height of the input that is measured, pixels.</param>
/// <param name="Width">Width of the input that is measured, pixels.</param>
/// <param name="Batches">Batch sizes that are measured.</param>
/// <param name="Turns">Runs that count.</param>
internal sealed record DeviceSize(int Steps, int DrawnSide, int Student, int Teacher, int Height, int Width, int[] Batches, int Turns)
{
    /// <summary>The size of a name: <c>full</c> is for a GPU, <c>small</c> for a CPU, <c>tiny</c> for a test of the check itself.</summary>
    public static DeviceSize? Named(string name) => name switch
    {
        // 1333x800, padded to a multiple of 32.
        "full" => new DeviceSize(50, 256, 50, 101, 800, 1344, [2, 8], 10),
        "small" => new DeviceSize(50, 128, 18, 50, 320, 320, [1, 2], 3),
        "tiny" => new DeviceSize(4, 64, 18, 18, 64, 96, [1], 2),
        _ => null,
    };
}

using Retort.Core;
using Retort.Recipes;
using Retort.Torch;

namespace Retort.Prediction;

/// <summary>
/// Sets up the tensor library as a recipe asks for. The number of threads is the program's to set (<see cref="Runtime.Threads"/>).
/// </summary>
public static class RuntimeSettings
{
    /// <summary>Chooses deterministic algorithms, and returns the device to compute on.</summary>
    /// <exception cref="RetortException">A GPU is asked for where there is none.</exception>
    public static Device Apply(Recipe recipe)
    {
        Runtime.UseDeterministicAlgorithms(true);
        return Device.Parse(recipe.Device switch
        {
            DeviceKind.Auto => "auto",
            DeviceKind.Cpu => "cpu",
            DeviceKind.Cuda => "cuda",
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Device, "unknown device"),
        });
    }
}

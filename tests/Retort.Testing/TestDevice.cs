using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Testing;

/// <summary>
/// The device that tests compute on: the one in the environment variable RETORT_TEST_DEVICE, by default the CPU. Tests of what exists on
/// the CPU alone (the compiled engine, fused kernels, kernels on the host, files) make their tensors with <see cref="Tensor"/> and stay
/// there.
/// </summary>
public static class TestDevice
{
    /// <summary>
    /// The trait of tests of what exists on the CPU alone: <c>[Trait("Device", TestDevice.CpuOnly)]</c>. A run on a GPU excludes them.
    /// </summary>
    public const string CpuOnly = "cpu";

    private const string Variable = "RETORT_TEST_DEVICE";

    /// <summary>The device. A GPU computes in full float32 precision: TF32 is off.</summary>
    /// <exception cref="InvalidOperationException">The variable names a device that this libtorch does not have, or does not name one
    /// device.</exception>
    public static Device Current { get; } = Read();

    /// <summary>
    /// The tolerance of a comparison with numbers of the CPU. A GPU sums in another order and has other exponentials, so each stated
    /// tolerance is ten times as wide there.
    /// </summary>
    public static double Tolerance(double onCpu) => Current.Type == DeviceType.Cuda ? 10 * onCpu : onCpu;

    /// <summary>Moves a tensor to the device, and frees the original where that is a copy.</summary>
    public static Tensor Place(Tensor tensor)
    {
        if (tensor.Device == Current)
        {
            return tensor;
        }

        using (tensor)
        {
            return tensor.To(Current);
        }
    }

    /// <summary>Moves a network to the device and returns it.</summary>
    public static T OnTestDevice<T>(this T network) where T : Module
    {
        network.To(Current);
        return network;
    }

    private static Device Read()
    {
        string name = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : "cpu";
        if (name == "auto")
        {
            throw new InvalidOperationException(
                $"{Variable} must name one device, such as cpu or cuda: with 'auto' nobody knows what was tested");
        }

        Device device = Device.Parse(name);
        if (device.Type == DeviceType.Cuda)
        {
            Runtime.AllowTf32 = false;
        }

        return device;
    }
}

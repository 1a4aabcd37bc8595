using Retort.Core;

namespace Retort.Torch;

/// <summary>Kinds of device; the numbers are libtorch's (c10::DeviceType).</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda = 1,
}

/// <summary>Where a tensor lives.</summary>
/// <param name="Type">The kind of device.</param>
/// <param name="Index">Which GPU; 0 for the processor.</param>
public readonly record struct Device(DeviceType Type, int Index = 0)
{
    /// <summary>The processor.</summary>
    public static Device Cpu => new(DeviceType.Cpu);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or <c>auto</c> (a GPU where there is one).</summary>
    /// <exception cref="RetortException">The text names no device, or a GPU is asked for where libtorch has none.</exception>
    public static Device Parse(string text)
    {
        string[] parts = text.Split(':');
        int index = 0;
        bool wellFormed = parts.Length == 1 || (parts.Length == 2 && int.TryParse(parts[1], out index) && index >= 0);
        return (parts[0], wellFormed) switch
        {
            ("cpu", true) => Cpu,
            ("auto", true) when parts.Length == 1 => Runtime.HasCuda ? new Device(DeviceType.Cuda) : Cpu,
            ("cuda", true) when Runtime.HasCuda => new Device(DeviceType.Cuda, index),
            ("cuda", true) => throw new RetortException($"device '{text}' was asked for, but this libtorch sees no GPU; use 'cpu', or "
                + "build the bridge against a CUDA libtorch (make native TORCH_DIR=...)"),
            _ => throw new RetortException($"'{text}' is not a device; use 'cpu', 'cuda', 'cuda:N' or 'auto'"),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Type == DeviceType.Cpu ? "cpu" : $"cuda:{Index}";
}

using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>
/// One argument of a <see cref="TorchOperator"/>. Tensors, numbers, booleans, lists, strings, element types and devices convert
/// implicitly; <see cref="Default"/> asks for the schema's default and <c>(Tensor?)null</c> is None.
/// </summary>
public readonly struct Argument
{
    private Argument(ArgumentTag tag, long bits = 0, object? reference = null) => (Tag, Bits, Reference) = (tag, bits, reference);

    internal ArgumentTag Tag { get; }

    internal long Bits { get; }

    internal object? Reference { get; }

    /// <summary>The default of the operator's schema.</summary>
    public static Argument Default => default;

    /// <summary>None.</summary>
    public static Argument None => new(ArgumentTag.None);

    /// <summary>A tensor, or None.</summary>
    public static implicit operator Argument(Tensor? value) => value is null ? None : new(ArgumentTag.Tensor, 0, value);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(int value) => new(ArgumentTag.Int, value);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(long value) => new(ArgumentTag.Int, value);

    /// <summary>A number.</summary>
    public static implicit operator Argument(double value) => new(ArgumentTag.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A boolean.</summary>
    public static implicit operator Argument(bool value) => new(ArgumentTag.Bool, value ? 1 : 0);

    /// <summary>A list of integers.</summary>
    public static implicit operator Argument(long[]? value) => value is null ? None : new(ArgumentTag.IntList, 0, value);

    /// <summary>A list of numbers.</summary>
    public static implicit operator Argument(double[]? value) => value is null ? None : new(ArgumentTag.DoubleList, 0, value);

    /// <summary>A list of tensors; null elements are None where the schema allows it.</summary>
    public static implicit operator Argument(Tensor?[] value) => new(ArgumentTag.TensorList, 0, value);

    /// <summary>A string, or None.</summary>
    public static implicit operator Argument(string? value) => value is null ? None : new(ArgumentTag.String, 0, value);

    /// <summary>An element type.</summary>
    public static implicit operator Argument(ScalarType value) => new(ArgumentTag.Int, (long)value);

    /// <summary>A device.</summary>
    public static implicit operator Argument(Device value) => new(ArgumentTag.Device, ((long)value.Type << 32) | (uint)value.Index);
}

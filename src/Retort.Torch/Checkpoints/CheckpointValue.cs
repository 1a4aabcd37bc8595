using System.Globalization;
using System.Numerics;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// A value of a PyTorch checkpoint's tree: one of the classes of this file, <see cref="CheckpointList"/>,
/// <see cref="CheckpointDictionary"/>, <see cref="CheckpointTensor"/> or <see cref="InertObject"/>.
/// </summary>
public abstract class CheckpointValue
{
    private protected CheckpointValue()
    {
    }

    /// <summary>Wraps a text.</summary>
    public static implicit operator CheckpointValue(string value) => new CheckpointText(value);

    /// <summary>Wraps an integer.</summary>
    public static implicit operator CheckpointValue(long value) => new CheckpointInteger(value);

    /// <summary>Wraps a real number.</summary>
    public static implicit operator CheckpointValue(double value) => new CheckpointReal(value);

    /// <summary>Wraps a truth value.</summary>
    public static implicit operator CheckpointValue(bool value) => new CheckpointBoolean(value);

    /// <summary>Wraps a tensor.</summary>
    public static implicit operator CheckpointValue(StoredTensor value) => new CheckpointTensor(value);
}

/// <summary>Python's <c>None</c>.</summary>
public sealed class CheckpointNone : CheckpointValue
{
    private CheckpointNone()
    {
    }

    /// <summary>The only one.</summary>
    public static CheckpointNone Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "None";
}

/// <summary>A <c>bool</c>.</summary>
public sealed class CheckpointBoolean(bool value) : CheckpointValue
{
    /// <summary>The value.</summary>
    public bool Value => value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CheckpointBoolean other && other.Value == value;

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => value ? "True" : "False";
}

/// <summary>An <c>int</c> of any size.</summary>
public sealed class CheckpointInteger(BigInteger value) : CheckpointValue
{
    /// <summary>The value.</summary>
    public BigInteger Value => value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CheckpointInteger other && other.Value == value;

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A <c>float</c>.</summary>
public sealed class CheckpointReal(double value) : CheckpointValue
{
    /// <summary>The value.</summary>
    public double Value => value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CheckpointReal other && other.Value.Equals(value);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A <c>str</c>.</summary>
public sealed class CheckpointText(string value) : CheckpointValue
{
    /// <summary>Control characters become '?' (a hostile file must not steer a terminal); line breaks stay.</summary>
    internal static string Printable(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && text.AsSpan().IndexOfAnyInRange('\x7f', '\x9f') < 0
            ? text
            : new string([.. text.Select(c => char.IsControl(c) && c is not ('\n' or '\r') ? '?' : c)]);

    /// <summary>The value.</summary>
    public string Value => value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CheckpointText other && other.Value == value;

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => value;
}

/// <summary>A <c>bytes</c>.</summary>
public sealed class CheckpointBytes(ReadOnlyMemory<byte> value) : CheckpointValue
{
    /// <summary>The value.</summary>
    public ReadOnlyMemory<byte> Value => value;

    /// <inheritdoc/>
    public override string ToString() => $"{value.Length} bytes";
}

/// <summary>A tensor or parameter.</summary>
public sealed class CheckpointTensor(StoredTensor value, bool isParameter = false) : CheckpointValue
{
    /// <summary>The tensor.</summary>
    public StoredTensor Value => value;

    /// <summary>Whether it was saved as <c>torch.nn.Parameter</c>.</summary>
    public bool IsParameter => isParameter;

    /// <inheritdoc/>
    public override string ToString() => value.ToString();
}

/// <summary>
/// Something that a pickle asks to import or to call and that this reader does not know. It was neither imported nor called;
/// what it was to be called with is dropped.
/// </summary>
public sealed class InertObject : CheckpointValue
{
    internal InertObject(string global, long offset, bool called) => (Global, Offset, WasCalled) = (global, offset, called);

    /// <summary>The qualified Python name, such as <c>os.system</c> or <c>numpy.core.multiarray.scalar</c>.</summary>
    public string Global { get; }

    /// <summary>Offset in the pickle, in bytes, of the instruction.</summary>
    public long Offset { get; }

    /// <summary>Whether the pickle asks to call it; else it is only named.</summary>
    public bool WasCalled { get; }

    /// <inheritdoc/>
    public override string ToString() => WasCalled ? $"<call of {Global}, not executed>" : $"<{Global}>";
}

using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

/// <summary>What an argument or a result holds; the numbers are shared with native/bridge/dispatcher.cpp.</summary>
internal enum ArgumentTag
{
    Default = 0,
    None = 1,
    Tensor = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    IntList = 6,
    DoubleList = 7,
    TensorList = 8,
    String = 9,
    Device = 10,
    Object = 11,
}

/// <summary>One argument or result as it crosses the bridge: 16 bytes, blittable.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeArgument
{
    [FieldOffset(0)]
    public ArgumentTag Tag;

    [FieldOffset(4)]
    public int Count;

    [FieldOffset(8)]
    public long Integer;

    [FieldOffset(8)]
    public double Number;

    [FieldOffset(8)]
    public nint Pointer;
}

using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

/// <summary>Kinds of steps of the inference engine; the numbers are shared with native/engine/engine.h.</summary>
internal enum EngineKind
{
    Input = 0,
    Convolution = 1,
    MaxPool = 2,
    Resize = 3,
    Affine = 4,
    GroupNorm = 5,
    Output = 6,
}

/// <summary>One step of a plan of the inference engine; shared with native/engine/engine.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EngineNode
{
    public EngineKind Kind;
    public int Input;
    public int Other;
    public int Relu;
    public nint Weight;
    public nint Bias;
    public int Kernel;
    public int Stride;
    public int Padding;
    public int Dilation;
    public int Groups;
    public int Height;
    public int Width;
    public float Factor;
    public double Epsilon;
}

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int retort_engine_new(int lanes, out nint engine);

    [LibraryImport(Library)]
    internal static partial void retort_engine_free(nint engine);

    [LibraryImport(Library)]
    internal static partial int retort_engine_plan(nint engine, EngineNode* nodes, int count, nint* inputs, int inputCount, out nint plan);

    [LibraryImport(Library)]
    internal static partial void retort_engine_plan_free(nint plan);

    [LibraryImport(Library)]
    internal static partial int retort_engine_run(nint plan, nint* inputs, int inputCount, nint* outputs);

    [LibraryImport(Library)]
    internal static partial long retort_tensor_versions(nint* tensors, int count);
}

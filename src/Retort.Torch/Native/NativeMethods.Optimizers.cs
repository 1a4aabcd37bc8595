using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

/// <summary>One parameter of an SGD step; shared with native/kernels/optimizers.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SgdEntry
{
    public nint Parameter;
    public nint MomentumBuffer;
    public double Rate;
    public double Decay;
}

/// <summary>One parameter of an AdamW step; shared with native/kernels/optimizers.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AdamWEntry
{
    public nint Parameter;
    public nint Mean;
    public nint Square;
    public long Step;
    public double Rate;
    public double Decay;
}

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int retort_sgd_step(SgdEntry* entries, int count, double momentum, int nesterov);

    [LibraryImport(Library)]
    internal static partial int retort_adamw_step(AdamWEntry* entries, int count, double beta1, double beta2, double epsilon);

    [LibraryImport(Library)]
    internal static partial int retort_zero_grad(nint* parameters, int count, int keepMemory);

    [LibraryImport(Library)]
    internal static partial int retort_clip_gradients(nint* parameters, int count, double maximum, out nint norm);

    [LibraryImport(Library)]
    internal static partial int retort_lerp_many(nint* targets, nint* sources, int count, double weight);
}

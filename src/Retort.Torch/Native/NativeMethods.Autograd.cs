using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int retort_grad_mode_get();

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void retort_grad_mode_set(int enabled);

    [LibraryImport(Library)]
    internal static partial int retort_tensor_requires_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial int retort_tensor_set_requires_grad(nint tensor, int value);

    [LibraryImport(Library)]
    internal static partial int retort_tensor_grad(nint tensor, out nint grad);

    [LibraryImport(Library)]
    internal static partial int retort_tensor_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    internal static partial int retort_backward(nint* outputs, nint* gradients, int count, int retainGraph);

    [LibraryImport(Library)]
    internal static partial int retort_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradients, int retainGraph, int createGraph, nint* results);
}

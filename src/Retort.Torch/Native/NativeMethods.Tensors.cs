using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int retort_operator_find(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string overload, out nint result);

    [LibraryImport(Library)]
    internal static partial int retort_operator_call(
        nint handle, NativeArgument* args, int count, NativeArgument* results, int capacity, out int produced);

    [LibraryImport(Library)]
    internal static partial void retort_object_free(nint value);

    [LibraryImport(Library)]
    internal static partial void retort_buffer_free(nint buffer);

    [LibraryImport(Library)]
    internal static partial void retort_tensor_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial void retort_tensor_free_many(nint* tensors, int count);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial nint retort_tensor_alias(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int retort_tensor_dim(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void retort_tensor_sizes(nint tensor, long* sizes);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void retort_tensor_strides(nint tensor, long* strides);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long retort_tensor_numel(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int retort_tensor_dtype(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int retort_tensor_device_type(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int retort_tensor_device_index(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int retort_tensor_is_contiguous(nint tensor);

    [LibraryImport(Library)]
    internal static partial int retort_tensor_data(nint tensor, out nint data);

    [LibraryImport(Library)]
    internal static partial int retort_tensor_from_memory(nint data, long* sizes, int dim, int dtype, out nint result);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Retort.Vision.Imaging;

/// <summary>The part of libturbojpeg's C interface (version 2 and 3) that is used.</summary>
internal static unsafe partial class TurboJpeg
{
    public const int PixelFormatBgr = 1;
    public const int PixelFormatCmyk = 11;
    public const int Subsampling420 = 2;
    public const int ErrorIsWarning = 0;
    public const int StopOnWarning = 8192;

    private const string Library = "turbojpeg";

    /// <summary>Opens the library; false, with no exception, where it is not installed.</summary>
    public static bool IsAvailable => NativeLibrary.TryLoad(FileName(), out _) || Resolve(Library, typeof(TurboJpeg).Assembly, null) != 0;

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial nint InitCompress();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decompress2(
        TurboJpegHandle handle, byte* jpeg, CULong jpegSize, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    public static partial int DecompressHeader3(
        TurboJpegHandle handle, byte* jpeg, CULong jpegSize, int* width, int* height, int* subsampling, int* colorspace);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static partial int Compress2(
        TurboJpegHandle handle, byte* pixels, int width, int pitch, int height, int pixelFormat,
        byte** jpeg, CULong* jpegSize, int subsampling, int quality, int flags);

    [LibraryImport(Library, EntryPoint = "tjFree")]
    public static partial void Free(byte* buffer);

    [LibraryImport(Library, EntryPoint = "tjGetErrorCode")]
    public static partial int GetErrorCode(TurboJpegHandle handle);

    /// <summary>The library's message about the last failure of the handle.</summary>
    public static string GetErrorText(TurboJpegHandle handle) => Marshal.PtrToStringUTF8(GetErrorStr2(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorStr2(TurboJpegHandle handle);

    // The development package has the plain name, the runtime package only the versioned one.
    private static string FileName() =>
        OperatingSystem.IsWindows() ? "turbojpeg.dll"
        : OperatingSystem.IsMacOS() ? "libturbojpeg.dylib"
        : "libturbojpeg.so.0";

    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? search) =>
        name == Library && NativeLibrary.TryLoad(FileName(), assembly, search, out nint handle) ? handle
        : NativeLibrary.TryLoad(name, assembly, search, out handle) ? handle
        : 0;

#pragma warning disable CA2255 // A module initializer is the one place that runs before any import of this assembly is bound.
    [ModuleInitializer]
    internal static void RegisterResolver() => NativeLibrary.SetDllImportResolver(typeof(TurboJpeg).Assembly, Resolve);
#pragma warning restore CA2255
}

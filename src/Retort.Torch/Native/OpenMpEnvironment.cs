using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

/// <summary>
/// Loads the bridge, and OpenMP with it, so that idle threads wait as <see cref="ThreadWaitOptions"/> says. This is the one place in
/// Retort's libraries that changes the process environment: libgomp reads its settings from there when it is loaded, and never again. The
/// variable is there only while libraries are loaded, so that programs started later do not inherit it. .NET's own copy of the environment
/// does not reach native code, hence libc's functions.
/// </summary>
internal static unsafe partial class OpenMpEnvironment
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string C = "libc";

    // Each of them says how threads wait: a user who set one has decided.
    private static readonly string[] s_waitSettings = ["OMP_WAIT_POLICY", SpinCount];

    /// <summary>Loads a library and those that it needs.</summary>
    /// <param name="file">The library.</param>
    /// <param name="options">How threads of an OpenMP that is loaded with it wait.</param>
    /// <exception cref="DllNotFoundException">It cannot be loaded.</exception>
    public static (nint Handle, ThreadWaitStatus Status) Load(string file, ThreadWaitOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (NativeLibrary.Load(file), new ThreadWaitStatus(ThreadWaitSource.OtherLibrary, null, []));
        }

        string? chosen = s_waitSettings.FirstOrDefault(name => getenv(name) != 0);
        List<string> earlier = Libraries();
        string? spinCount = chosen is null ? options.SpinCount?.ToString(CultureInfo.InvariantCulture) : null;
        nint handle = spinCount is null ? NativeLibrary.Load(file) : LoadWith(file, spinCount);
        List<string> libraries = Libraries();
        if (chosen is not null)
        {
            return (handle, new ThreadWaitStatus(ThreadWaitSource.Environment, $"{chosen}={Marshal.PtrToStringUTF8(getenv(chosen))}",
                libraries));
        }

        ThreadWaitSource source = spinCount is null ? ThreadWaitSource.OpenMp : SourceAfter(earlier, libraries);
        return (handle, new ThreadWaitStatus(source, source == ThreadWaitSource.Retort ? $"{SpinCount}={spinCount}" : null, libraries));
    }

    private static nint LoadWith(string file, string spinCount)
    {
        _ = setenv(SpinCount, spinCount, 0);
        try
        {
            return NativeLibrary.Load(file);
        }
        finally
        {
            _ = unsetenv(SpinCount);
        }
    }

    private static ThreadWaitSource SourceAfter(List<string> earlier, List<string> libraries)
    {
        // A libtorch from a Python package brings a libgomp of its own with a longer name, beside the system's.
        string[] gomp = [.. libraries.Where(path => Path.GetFileName(path).StartsWith("libgomp", StringComparison.Ordinal))];
        return gomp switch
        {
            [] => ThreadWaitSource.OtherLibrary,
            _ when gomp.All(earlier.Contains) => ThreadWaitSource.LoadedEarlier,
            _ => ThreadWaitSource.Retort,
        };
    }

    /// <summary>The OpenMP libraries in the process: GCC's, LLVM's and Intel's.</summary>
    private static List<string> Libraries()
    {
        var found = new List<string>();
        GCHandle handle = GCHandle.Alloc(found);
        _ = dl_iterate_phdr(&Visit, GCHandle.ToIntPtr(handle));
        handle.Free();
        return found;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Visit(LoadedObject* loaded, nuint size, nint found)
    {
        string path = Marshal.PtrToStringUTF8((nint)loaded->Name) ?? "";
        string name = Path.GetFileName(path);
        if (name.StartsWith("libgomp", StringComparison.Ordinal) || name.StartsWith("libomp", StringComparison.Ordinal)
            || name.StartsWith("libiomp", StringComparison.Ordinal))
        {
            ((List<string>)GCHandle.FromIntPtr(found).Target!).Add(path);
        }

        return 0;
    }

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);

    [LibraryImport(C)]
    private static partial int dl_iterate_phdr(delegate* unmanaged[Cdecl]<LoadedObject*, nuint, nint, int> visit, nint data);

    /// <summary>The beginning of <c>struct dl_phdr_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LoadedObject
    {
        public nint Address;
        public byte* Name;
    }
}

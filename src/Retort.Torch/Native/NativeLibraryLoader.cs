using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

/// <summary>Finds libretort, the bridge to libtorch.</summary>
public static class NativeLibraryLoader
{
    /// <summary>The library's name in P/Invoke declarations.</summary>
    public const string Name = "retort_native";

    private const string FileName = "libretort.so";
    private static readonly Lock s_loading = new();
    private static string? s_loadedFrom;
    private static nint s_bridge;

    /// <summary>The file that the bridge was loaded from; null before the first use.</summary>
    public static string? LoadedFrom => s_loadedFrom;

    /// <summary>How idle threads are to wait; read when the bridge is loaded.</summary>
    internal static ThreadWaitOptions ThreadWait { get; set; } = new();

    /// <summary>How idle threads wait; null before the bridge is loaded.</summary>
    internal static ThreadWaitStatus? ThreadWaitStatus { get; private set; }

    /// <summary>The places that are searched, in order: RETORT_NATIVE, beside the program, artifacts/native above it.</summary>
    public static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("RETORT_NATIVE") is { Length: > 0 } named)
        {
            yield return File.Exists(named) ? named : Path.Combine(named, FileName);
        }

        yield return Path.Combine(AppContext.BaseDirectory, FileName);
        if (Path.GetDirectoryName(Environment.ProcessPath) is { } beside)
        {
            yield return Path.Combine(beside, FileName);
        }

        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            yield return Path.Combine(at.FullName, "artifacts", "native", FileName);
        }
    }

    // CA2255: a library installs its resolver before its first P/Invoke; there is no earlier place that every user passes.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Install() => Register(typeof(NativeLibraryLoader).Assembly);
#pragma warning restore CA2255

    /// <summary>
    /// Lets an assembly's own P/Invoke declarations with the library <see cref="Name"/> find the bridge. Call it once, from that
    /// assembly's module initializer.
    /// </summary>
    public static void Register(Assembly assembly) => NativeLibrary.SetDllImportResolver(assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Name)
        {
            return 0;
        }

        lock (s_loading)
        {
            return s_bridge != 0 ? s_bridge : s_bridge = Load();
        }
    }

    private static nint Load()
    {
        foreach (string candidate in Candidates().Where(File.Exists))
        {
            try
            {
                (nint handle, ThreadWaitStatus) = OpenMpEnvironment.Load(candidate, ThreadWait);
                s_loadedFrom = candidate;
                return handle;
            }
            catch (DllNotFoundException e)
            {
                throw new DllNotFoundException(
                    $"{candidate} was found but could not be loaded (is libtorch installed?): {e.Message}. Run 'retort doctor'.", e);
            }
        }

        throw new DllNotFoundException(
            $"{FileName}, the bridge to libtorch, was not found. Build it with 'make native', or name its folder in RETORT_NATIVE.");
    }
}

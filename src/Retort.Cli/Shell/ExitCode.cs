using Retort.Core;

namespace Retort.Cli.Shell;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A bug in Retort.</summary>
    public const int InternalError = 1;

    /// <summary>Something about the input, which the person can put right.</summary>
    public const int InputError = 2;

    /// <summary>The person stopped it (128 + SIGINT, as shells have it).</summary>
    public const int Interrupted = 130;

    private static readonly Type[] s_inputErrors = [typeof(RetortException), typeof(DllNotFoundException), typeof(OutOfMemoryException)];

    /// <summary>
    /// The exit code of an exception. The user can put right a <see cref="RetortException"/>, a lack of memory, and a native library that
    /// is not installed; everything else is a bug.
    /// </summary>
    public static int Of(Type exception) => s_inputErrors.Any(e => e.IsAssignableFrom(exception)) ? InputError : InternalError;
}

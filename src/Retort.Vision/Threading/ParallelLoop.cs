using System.Runtime.ExceptionServices;

namespace Retort.Vision.Threading;

/// <summary>
/// Loops on several threads whose failure is that of one of their turns, as of any loop, and not a list of all that failed meanwhile.
/// </summary>
internal static class ParallelLoop
{
    /// <summary>Calls <paramref name="body"/> for 0 to <paramref name="count"/> - 1.</summary>
    public static void For(int count, ParallelOptions options, Action<int> body) => Run(() => Parallel.For(0, count, options, body));

    /// <summary>Calls <paramref name="body"/> for each item.</summary>
    public static void ForEach<T>(IEnumerable<T> items, ParallelOptions options, Action<T> body) =>
        Run(() => Parallel.ForEach(items, options, body));

    private static void Run(Action loop)
    {
        try
        {
            loop();
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions is [var first, ..])
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}

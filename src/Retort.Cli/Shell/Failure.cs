namespace Retort.Cli.Shell;

/// <summary>What an exception means to the person who called.</summary>
internal static class Failure
{
    private const string LackOfMemory = "make the batch smaller (--set loader.batchSize=..., in measuring loader.evaluationBatchSize) or the pictures (input.scales), "
        + "take fewer threads that load them (loader.workers), or another device (device)";

    /// <summary>The exception that several threads failed with; where they failed in several ways, one that would be our mistake.</summary>
    /// <param name="e">What was caught.</param>
    public static Exception Cause(Exception e)
    {
        if (e is not AggregateException many || many.Flatten().InnerExceptions is not [var first, ..] all)
        {
            return e;
        }

        return all.FirstOrDefault(inner => inner is not OperationCanceledException && CommandLine.CodeOf(inner.GetType()) == CommandLine.InternalError) ?? first;
    }

    /// <summary>The text of an input error, with a remedy where the library that threw it could not know one.</summary>
    /// <param name="e">The error.</param>
    public static string Text(Exception e) => e switch
    {
        OutOfMemoryException => $"there is not enough memory ({e.Message.TrimEnd('.')}); {LackOfMemory}",
        _ => e.Message,
    };
}

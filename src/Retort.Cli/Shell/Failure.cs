using System.CommandLine;
using Retort.Vision.Datasets;

namespace Retort.Cli.Shell;

/// <summary>What an exception means to the person who called.</summary>
internal static class Failure
{
    /// <summary>What commands call the argument that is a recipe.</summary>
    public const string RecipeArgument = "recipe";

    private const string SmallerBatches = "make the batch smaller (--set loader.batchSize=..., in measuring loader.evaluationBatchSize) "
        + "or the images (input.scales), "
        + "take fewer threads that load them (loader.workers), or another device (device)";

    private const string SmallerWindows = "take fewer threads (--threads 1) or smaller windows (--size)";
    private const string LessAtOnce = "close other programs, or give it a part of the files at a time";

    /// <summary>
    /// The exception that several threads failed with; where they failed in several ways, one that would be a bug in Retort.
    /// </summary>
    /// <param name="e">What was caught.</param>
    public static Exception Cause(Exception e)
    {
        if (e is not AggregateException many || many.Flatten().InnerExceptions is not [var first, ..] all)
        {
            return e;
        }

        return all.FirstOrDefault(inner => inner is not OperationCanceledException
            && ExitCode.Of(inner.GetType()) == ExitCode.InternalError) ?? first;
    }

    /// <summary>The text of an input error, with a remedy where the library that threw it could not know one.</summary>
    /// <param name="e">The error.</param>
    /// <param name="parsed">The command that it happened in; null for one with a recipe.</param>
    public static string Text(Exception e, ParseResult? parsed = null) => e switch
    {
        OutOfMemoryException => $"there is not enough memory ({e.Message.TrimEnd('.')}); {LessMemory(parsed)}",
        DatasetException { UnlistedCount: > 0 } when parsed is null
            || parsed.CommandResult.Command.Arguments.Any(a => a.Name == Failure.RecipeArgument) =>
            $"{e.Message}; 'retort dataset check' lists them",
        _ => e.Message,
    };

    // What has no recipe, or measures files without one, knows none of its options.
    private static string LessMemory(ParseResult? parsed)
    {
        if (parsed is null)
        {
            return SmallerBatches;
        }

        bool Has(string option) => parsed.CommandResult.Command.Options.Any(o => o.Name == option);
        return Has("--set") && parsed.GetResult("--results") is null ? SmallerBatches
            : Has("--threads") && Has("--size") ? SmallerWindows
            : LessAtOnce;
    }
}

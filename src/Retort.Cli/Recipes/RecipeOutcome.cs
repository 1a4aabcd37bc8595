using System.Diagnostics;
using Retort.Cli.Shell;

namespace Retort.Cli.Recipes;

/// <summary>What became of one recipe in a check.</summary>
/// <param name="Code">The exit code that it would have alone.</param>
/// <param name="Detail">Its losses, or what is wrong.</param>
/// <param name="Taken">How long it took.</param>
internal sealed record RecipeOutcome(int Code, string Detail, TimeSpan Taken)
{
    /// <summary>Makes an attempt; whatever it fails with is an outcome, because other recipes are to be checked all the same.</summary>
    /// <exception cref="OperationCanceledException">The person stopped it.</exception>
    public static RecipeOutcome Of(Func<string> attempt)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            return new RecipeOutcome(ExitCode.Success, attempt(), Stopwatch.GetElapsedTime(start));
        }
        catch (Exception e) when (Failure.Cause(e) is not OperationCanceledException)
        {
            Exception cause = Failure.Cause(e);
            int code = ExitCode.Of(cause.GetType());
            string detail = code == ExitCode.InternalError ? $"internal error (a bug in Retort), {cause.GetType().Name}: {cause.Message}"
                : Failure.Text(cause);
            return new RecipeOutcome(code, detail, Stopwatch.GetElapsedTime(start));
        }
    }

    /// <summary>The exit code of all together: a bug in Retort outweighs an input error.</summary>
    public static int CodeOf(IEnumerable<RecipeOutcome> outcomes)
    {
        int[] codes = [.. outcomes.Select(outcome => outcome.Code)];
        return codes.Contains(ExitCode.InternalError) ? ExitCode.InternalError
            : codes.FirstOrDefault(code => code != ExitCode.Success, ExitCode.Success);
    }
}

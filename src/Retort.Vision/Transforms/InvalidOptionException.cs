using Retort.Core;

namespace Retort.Vision.Transforms;

/// <summary>An option of the data pipeline outside its range. The message names the option, its value and the range.</summary>
/// <param name="option">The option, as <c>record.property</c>.</param>
/// <param name="value">What it was set to.</param>
/// <param name="requirement">What it must be.</param>
public sealed class InvalidOptionException(string option, object? value, string requirement)
    : RetortException($"{option} is {value ?? "missing"}: it must be {requirement}")
{
    /// <summary>The option, as <c>record.property</c>.</summary>
    public string Option { get; } = option;

    /// <summary>Throws unless <paramref name="holds"/>.</summary>
    public static void ThrowUnless(bool holds, string option, object? value, string requirement)
    {
        if (!holds)
        {
            throw new InvalidOptionException(option, value, requirement);
        }
    }
}

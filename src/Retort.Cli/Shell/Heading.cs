namespace Retort.Cli.Shell;

/// <summary>The heading of a table's column; a text stands for a column that is aligned to the left.</summary>
/// <param name="Text">What it says.</param>
/// <param name="IsNumber">Whether the column is of numbers: aligned to the right and never wrapped.</param>
internal readonly record struct Heading(string Text, bool IsNumber = false)
{
    public static implicit operator Heading(string text) => new(text);

    /// <summary>The heading of a column of numbers.</summary>
    public static Heading Number(string text) => new(text, IsNumber: true);
}

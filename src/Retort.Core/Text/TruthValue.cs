namespace Retort.Core.Text;

/// <summary>Yes or no as annotation tools write it.</summary>
public static class TruthValue
{
    /// <summary>What a text means; null where it is neither yes nor no. Case-insensitive; an empty text is no.</summary>
    /// <param name="text">What is written.</param>
    public static bool? Parse(string text) => text.Trim().ToUpperInvariant() switch
    {
        "1" or "1.0" or "TRUE" or "YES" => true,
        "0" or "0.0" or "FALSE" or "NO" or "" => false,
        _ => null,
    };
}

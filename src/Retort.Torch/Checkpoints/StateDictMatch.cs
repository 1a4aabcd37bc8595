using System.Text;

namespace Retort.Torch.Checkpoints;

/// <summary>What <see cref="StateDictMatcher.Match"/> found.</summary>
public sealed class StateDictMatch
{
    private const int Shown = 10;
    private readonly StateDictMatchOptions _options;
    private readonly StateDict _available;

    internal StateDictMatch(StateDictMatchOptions options, StateDict available) => (_options, _available) = (options, available);

    /// <summary>Names of equal shape on both sides: what can be loaded.</summary>
    public required IReadOnlyList<string> Matched { get; init; }

    /// <summary>Names that the network has and the file lacks.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Names that the file has and the network lacks.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>Names of both sides whose shapes differ.</summary>
    public required IReadOnlyList<ShapeMismatch> Mismatched { get; init; }

    /// <summary>Whether nothing differs.</summary>
    public bool IsExact => Missing.Count + Unexpected.Count + Mismatched.Count == 0;

    /// <summary>Whether the options allow the differences. Where not one name matches, nothing is allowed.</summary>
    public bool IsAccepted =>
        IsExact || (Matched.Count > 0 && (!_options.Strict || Missing.Count + Unexpected.Count == 0)
            && (_options.SkipMismatched || Mismatched.Count == 0));

    /// <summary>Throws an error that names what differs, unless the options allow it.</summary>
    /// <param name="path">The checkpoint's path, for the message.</param>
    /// <exception cref="CheckpointException">The state dict is not the network's.</exception>
    public void ThrowUnlessAccepted(string path)
    {
        if (!IsAccepted)
        {
            throw new CheckpointException(
                path, null, "the state dict does not fit the network" + Environment.NewLine + Describe(), Remedy());
        }
    }

    /// <summary>The differences, one kind a line, with the first ten names of each; empty when there are none.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        Append(text, "missing", [.. Missing.Select(name => _available.Refused.ContainsKey(name) ? $"{name} (refused: not plain data)"
            : name)]);
        Append(text, "unexpected", Unexpected);
        Append(text, "of another shape", [.. Mismatched.Select(m => m.ToString())]);
        return text.ToString().TrimEnd();
    }

    private static void Append(StringBuilder text, string kind, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            text.Append($"  {names.Count} {kind}: {string.Join(names[0].Contains('[') ? "; " : ", ", names.Take(Shown))}");
            text.AppendLine(names.Count > Shown ? $" and {names.Count - Shown} more" : "");
        }
    }

    private string Remedy()
    {
        // The commonest mistake: the same names behind a prefix, on one side or on the other.
        if (Missing.Count > 0 && Unexpected.FirstOrDefault(u => u.EndsWith("." + Missing[0], StringComparison.Ordinal)) is { } longer)
        {
            string prefix = longer[..^Missing[0].Length];
            return $"the file's names have the prefix '{prefix}'; remove it in Python: {{k.removeprefix('{prefix}'): v for k, v in "
                + $"state_dict.items()}}";
        }

        if (Unexpected.Count > 0 && Missing.FirstOrDefault(m => m.EndsWith("." + Unexpected[0], StringComparison.Ordinal)) is { } inner)
        {
            return $"the file's names lack the prefix '{inner[..^Unexpected[0].Length]}': it may hold only that part of the network";
        }

        return Mismatched.Count > 0 && Missing.Count + Unexpected.Count == 0
            ? "check the number of classes and the width of the recipe against the file (retort checkpoint show)"
            : "check that the recipe is the one of this file (retort checkpoint show)";
    }
}

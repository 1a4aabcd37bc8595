namespace Retort.Torch.Checkpoints;

/// <summary>
/// Finds a network in a state dict that holds it under a prefix: <c>model.</c> of a training wrapper, <c>_orig_mod.</c> of
/// <c>torch.compile</c>, <c>student.</c> or <c>architecture.</c> of a distillation.
/// </summary>
public static class StateDictPrefix
{
    /// <summary>The tensors of a network by its own names.</summary>
    /// <param name="names">The network's names.</param>
    /// <param name="state">What the file has.</param>
    /// <param name="path">The file, for messages.</param>
    /// <returns> The tensors under the prefix with which most names are the network's, without that prefix; the whole state dict where that
    /// is no prefix. Averaged copies (<c>ema_backbone_conv1_weight</c> beside <c>backbone.conv1.weight</c>) are left out.
    /// </returns>
    /// <exception cref="CheckpointException">The network is in the file under several prefixes.</exception>
    public static StateDict Find(IEnumerable<string> names, StateDict state, string path)
    {
        HashSet<string> own = [.. names];
        string prefix = Best(own, state, path);
        HashSet<string> averaged = [.. own.Select(name => "ema_" + name.Replace('.', '_'))];
        var found = new StateDict(state
            .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(entry.Key[prefix.Length..], entry.Value))
            .Where(entry => entry.Key.Length > 0 && !averaged.Contains(entry.Key)));
        foreach ((string name, CheckpointException reason)
            in state.Refused.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            found.Refuse(name[prefix.Length..], reason);
        }

        return found;
    }

    private static string Best(HashSet<string> own, StateDict state, string path)
    {
        Dictionary<string, int> counts = Count(own, state);
        int most = counts.Count == 0 ? 0 : counts.Values.Max();
        if (most == 0 || counts.GetValueOrDefault("") == most)
        {
            return "";
        }

        string[] best = [.. counts.Where(entry => entry.Value == most).Select(entry => entry.Key)];

        // A distillation's file has its teacher too, and some keep an average of the weights beside the weights.
        string[] trained = [.. best.Where(prefix => !prefix.Split('.')
            .Any(part => part.Contains("teacher", StringComparison.Ordinal) || part.Contains("ema", StringComparison.Ordinal)))];
        string[] chosen = best.Length == 1 ? best : trained;
        return chosen is [string only]
            ? only
            : throw new CheckpointException(
                path,
                null,
                $"the network is in it {best.Length} times, under the prefixes {string.Join(", ", best.Select(prefix => $"'{prefix}'"))}",
                $"choose one in Python: {Extraction(best[0])}");
    }

    /// <summary>How often the rest of a name behind a prefix is one of the network's.</summary>
    private static Dictionary<string, int> Count(HashSet<string> own, StateDict state)
    {
        var counts = new Dictionary<string, int>();
        foreach (string name in state.Keys)
        {
            for (int start = 0; start >= 0 && start < name.Length; start = NextPart(name, start))
            {
                if (own.Contains(name[start..]))
                {
                    counts[name[..start]] = counts.GetValueOrDefault(name[..start]) + 1;
                }
            }
        }

        return counts;
    }

    private static int NextPart(string name, int start) => name.IndexOf('.', start) is >= 0 and var dot ? dot + 1 : -1;

    private static string Extraction(string prefix) =>
        $"torch.save({{'state_dict': {{k[{prefix.Length}:]: v for k, v in state_dict.items() "
            + $"if k.startswith('{prefix}')}}}}, 'chosen.pth')";
}

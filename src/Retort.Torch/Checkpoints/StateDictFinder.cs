namespace Retort.Torch.Checkpoints;

/// <summary>Finds the state dict where training programs customarily put it.</summary>
internal static class StateDictFinder
{
    private static readonly string[] s_places = ["state_dict", "model_state_dict", "model", "net", "ema_state_dict", "model_ema", "ema"];

    /// <summary>The dictionary and its place (keys separated by <c>/</c>).</summary>
    public static (CheckpointDictionary Dictionary, string Place) Find(string path, CheckpointDictionary root, CheckpointOptions options) =>
        TryFind(path, root, options)
        ?? throw new CheckpointException(path, null, NotFound(root), "name its place with the option for the key (keys from the root, separated by '/')");

    /// <summary>As <see cref="Find"/>, or null when no place was named and none of the customary ones holds tensors.</summary>
    public static (CheckpointDictionary Dictionary, string Place)? TryFind(string path, CheckpointDictionary root, CheckpointOptions options)
    {
        if (options.Key is { Length: > 0 } key)
        {
            return Named(path, root, key);
        }

        foreach (string place in s_places)
        {
            if (root.TryGetValue(place, out CheckpointValue? value) && Within(value, place) is { } found)
            {
                return found;
            }
        }

        return HoldsTensors(root) ? (root, "") : null;
    }

    public static StateDict Read(string path, CheckpointDictionary root, CheckpointOptions options)
    {
        (CheckpointDictionary dictionary, string place) = Find(path, root, options);
        var made = new StateDict();
        foreach ((CheckpointValue key, CheckpointValue value) in dictionary)
        {
            if (key is not CheckpointText { Value: string name })
            {
                continue;
            }

            string stripped = Strip(name, options.Prefixes);
            if (value is CheckpointTensor tensor)
            {
                if (made.ContainsKey(stripped))
                {
                    throw new CheckpointException(path, name, $"becomes '{stripped}' without its prefix, and that name is there already", "give no prefixes to be taken off");
                }

                made.Add(stripped, tensor.Value);
            }
            else if (value is InertObject)
            {
                made.Refuse(stripped, Checkpoint.Refusal(path, place.Length == 0 ? name : $"{place}/{name}", value));
            }
        }

        return made;
    }

    private static (CheckpointDictionary, string)? Within(CheckpointValue value, string place)
    {
        if (value is not CheckpointDictionary dictionary)
        {
            return null;
        }

        if (HoldsTensors(dictionary))
        {
            return (dictionary, place);
        }

        foreach (string inner in (string[])["module", .. s_places])
        {
            if (dictionary.Find<CheckpointDictionary>(inner) is { } nested && HoldsTensors(nested))
            {
                return (nested, $"{place}/{inner}");
            }
        }

        return null;
    }

    private static (CheckpointDictionary, string) Named(string path, CheckpointDictionary root, string key)
    {
        CheckpointDictionary at = root;
        foreach (string part in key.Split('/'))
        {
            if (!at.TryGetValue(part, out CheckpointValue? next))
            {
                throw new CheckpointException(path, key, $"there is no '{part}'", $"there are: {Keys(at)}");
            }

            at = next as CheckpointDictionary ?? throw Checkpoint.Refusal(path, key, next);
        }

        return (at, key);
    }

    private static bool HoldsTensors(CheckpointDictionary dictionary) => dictionary.Any(entry => entry is { Key: CheckpointText, Value: CheckpointTensor });

    private static string NotFound(CheckpointDictionary root)
    {
        InertObject? inert = root.Select(entry => entry.Value).OfType<InertObject>().FirstOrDefault();
        string why = inert is null ? "" : $"; {inert.Global} was refused, so a whole pickled model may be in it";
        return $"no state dict is in it (the root has: {Keys(root)}{why})";
    }

    private static string Keys(CheckpointDictionary dictionary) =>
        string.Join(", ", dictionary.Take(10).Select(entry => entry.Key.ToString())) + (dictionary.Count > 10 ? $" and {dictionary.Count - 10} more" : "");

    private static string Strip(string name, IReadOnlyList<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            name = name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length ? name[prefix.Length..] : name;
        }

        return name;
    }
}

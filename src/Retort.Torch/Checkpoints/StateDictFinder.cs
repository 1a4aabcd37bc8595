namespace Retort.Torch.Checkpoints;

/// <summary>Finds the state dict where training programs customarily put it.</summary>
internal static class StateDictFinder
{
    private const int DeepestPlace = 4;

    private static readonly string[] s_places =
        ["state_dict", "model_state_dict", "model", "net", "ema_state_dict", "state_dict_ema", "model_ema", "ema"];

    /// <summary>The dictionary and its place (keys separated by <c>/</c>).</summary>
    public static (CheckpointDictionary Dictionary, string Place) Find(string path, CheckpointDictionary root, CheckpointOptions options) =>
        TryFind(path, root, options) ?? throw NotFound(path, root);

    /// <summary>As <see cref="Find"/>, or null when no place was named and none of the customary ones holds tensors.</summary>
    public static (CheckpointDictionary Dictionary, string Place)? TryFind(
        string path, CheckpointDictionary root, CheckpointOptions options)
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

        if (HoldsTensors(root))
        {
            return (root, "");
        }

        List<(CheckpointDictionary Dictionary, string Place)> elsewhere = Elsewhere(root);
        return elsewhere is [var only] ? only : null;
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
                    throw new CheckpointException(path, name, $"becomes '{stripped}' without its prefix, and that name is there already",
                        "read the file without removing prefixes");
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

    private static bool HoldsTensors(CheckpointDictionary dictionary) =>
        dictionary.Any(entry => entry is { Key: CheckpointText, Value: CheckpointTensor });

    private static CheckpointException NotFound(string path, CheckpointDictionary root)
    {
        List<(CheckpointDictionary Dictionary, string Place)> elsewhere = Elsewhere(root);
        if (elsewhere.Count > 0)
        {
            string keys = string.Concat(elsewhere[0].Place.Split('/').Select(key => $"['{key}']"));
            return new CheckpointException(
                path,
                null,
                $"weights are in it at {elsewhere.Count} places: {string.Join(", ", elsewhere.Take(10).Select(found => found.Place))}",
                $"choose one in Python: torch.save({{'state_dict': torch.load(path){keys}}}, 'chosen.pth')");
        }

        InertObject? inert = root.Select(entry => entry.Value).OfType<InertObject>().FirstOrDefault();
        return inert is null
            ? new CheckpointException(path, null, $"no weights are in it (the root has: {Keys(root)})",
                "name the file that has the network's state_dict()")
            : new CheckpointException(
                path,
                null,
                $"no weights are in it as plain data (the root has: {Keys(root)}; {inert.Global} was refused, so a whole pickled model "
                    + "may be in it)",
                "if you trust the file, load it in Python and save its tensors alone: torch.save({'state_dict': model.state_dict()}, "
                    + "'weights.pth')");
    }

    /// <summary>Dictionaries of a network's weights at any other place, the outermost ones; the buffers of optimizers are none.</summary>
    private static List<(CheckpointDictionary Dictionary, string Place)> Elsewhere(CheckpointDictionary root)
    {
        var found = new List<(CheckpointDictionary, string)>();
        Visit(root, "", 0);
        return found;

        void Visit(CheckpointDictionary at, string place, int depth)
        {
            foreach ((CheckpointValue key, CheckpointValue value) in at)
            {
                if (key is CheckpointText { Value: var name } && value is CheckpointDictionary inner)
                {
                    string below = place.Length == 0 ? name : $"{place}/{name}";
                    if (inner.Any(entry => entry is { Key: CheckpointText { Value: var text }, Value: CheckpointTensor }
                        && text.EndsWith("weight", StringComparison.Ordinal)))
                    {
                        found.Add((inner, below));
                    }
                    else if (depth < DeepestPlace)
                    {
                        Visit(inner, below, depth + 1);
                    }
                }
            }
        }
    }

    private static string Keys(CheckpointDictionary dictionary) =>
        string.Join(", ", dictionary.Take(10).Select(entry => entry.Key.ToString()))
            + (dictionary.Count > 10 ? $" and {dictionary.Count - 10} more" : "");

    private static string Strip(string name, IReadOnlyList<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            name = name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length ? name[prefix.Length..] : name;
        }

        return name;
    }
}

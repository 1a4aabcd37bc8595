using Retort.Torch.Checkpoints;

namespace Retort.Torch.Modules;

/// <summary>Loads state dictionaries into modules.</summary>
public static class ModuleLoading
{
    /// <summary>Copies every matching tensor into the module. Nothing is changed where the options do not accept the differences.</summary>
    /// <param name="module">What to load into.</param>
    /// <param name="state">Tensors by name.</param>
    /// <param name="path">The file that they come from, for messages.</param>
    /// <param name="options">What may differ; by default nothing.</param>
    /// <returns>What matched and what did not.</returns>
    /// <exception cref="CheckpointException">Names or shapes differ more than the options allow; the message names them.</exception>
    public static StateDictMatch Load(Module module, StateDict state, string path, StateDictMatchOptions? options = null)
    {
        (string Name, Tensor Tensor)[] own = [.. module.NamedState()];
        StateDictMatch match = StateDictMatcher.Match(own.Select(entry => (entry.Name, entry.Tensor.Shape)), state, options);
        match.ThrowUnlessAccepted(path);
        var matched = match.Matched.ToHashSet();
        foreach ((string name, Tensor tensor) in own)
        {
            if (matched.Contains(name))
            {
                StateDictionaries.LoadInto(tensor, name, state[name]);
            }
        }

        return match;
    }

    /// <summary>
    /// Loads a classification network's weights (torchvision's names: <c>conv1.weight</c>, <c>layer1.0...</c>, <c>fc.*</c>) into a
    /// backbone; the classifier <c>fc</c> is passed over. A file of a whole detector gives its <c>backbone.*</c>. The offsets of deformable
    /// convolutions may be missing, as they are where an ordinary network was pretrained; they keep their values.
    /// </summary>
    /// <exception cref="CheckpointException">The file is damaged, or lacks something that the backbone has.</exception>
    public static void LoadBackbone(Module backbone, string path)
    {
        const string prefix = "backbone.";
        using Checkpoint file = Checkpoint.Open(path);
        StateDict state = file.StateDict;
        bool isDetector = state.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal));
        var chosen = new StateDict(state
            .Where(entry => isDetector ? entry.Key.StartsWith(prefix, StringComparison.Ordinal) : !entry.Key.StartsWith("fc.", StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(isDetector ? entry.Key[prefix.Length..] : entry.Key, entry.Value)));
        var options = new StateDictMatchOptions();
        Load(backbone, chosen, path, options with { OptionalSuffixes = [.. options.OptionalSuffixes, ".conv_offset.weight", ".conv_offset.bias"] });
    }
}

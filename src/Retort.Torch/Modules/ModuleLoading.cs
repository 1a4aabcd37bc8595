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
}

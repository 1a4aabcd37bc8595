using Retort.Torch.Checkpoints;

namespace Retort.Torch.Modules;

/// <summary>Loads state dictionaries into modules.</summary>
public static class ModuleLoading
{
    /// <summary>
    /// Copies every matching tensor into the module. Names that have a prefix in the file are found (<see cref="StateDictPrefix"/>).
    /// Nothing is changed where the options do not accept the differences, or where a weight is not finite.
    /// </summary>
    /// <param name="module">What to load into.</param>
    /// <param name="state">Tensors by name.</param>
    /// <param name="path">The file that they come from, for messages.</param>
    /// <param name="options">What may differ; by default nothing.</param>
    /// <returns>What matched and what did not.</returns>
    /// <exception cref="CheckpointException">Names or shapes differ more than the options allow, or a tensor holds NaN or infinity; the
    /// message names them.</exception>
    public static StateDictMatch Load(Module module, StateDict state, string path, StateDictMatchOptions? options = null)
    {
        (string Name, Tensor Tensor)[] own = [.. module.NamedState()];
        state = StateDictPrefix.Find(own.Select(entry => entry.Name), state, path);
        StateDictMatch match = StateDictMatcher.Match(own.Select(entry => (entry.Name, entry.Tensor.Shape)), state, options);
        match.ThrowUnlessAccepted(path);
        var matched = match.Matched.ToHashSet();
        RequireFinite(match.Matched, state, path);
        foreach ((string name, Tensor tensor) in own)
        {
            if (matched.Contains(name))
            {
                StateDictionaries.LoadInto(tensor, name, state[name]);
            }
        }

        return match;
    }

    private static void RequireFinite(IEnumerable<string> names, StateDict state, string path)
    {
        foreach (string name in names.Where(name => state[name].Type.IsFloatingPoint()))
        {
            using var scope = new TensorScope();
            if (Tensor.From(state[name]).IsFinite().All().Item() == 0)
            {
                throw new CheckpointException(path, name, "holds NaN or infinity, so the network would compute nothing else",
                    "the training that wrote it diverged: take an earlier checkpoint");
            }
        }
    }
}

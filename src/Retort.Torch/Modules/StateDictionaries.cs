using Retort.Core;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Modules;

/// <summary>State dictionaries of modules, named and ordered as PyTorch's.</summary>
public static class StateDictionaries
{
    /// <summary>Copies every parameter and buffer to the host.</summary>
    public static IReadOnlyList<KeyValuePair<string, StoredTensor>> SaveState(this Module module) =>
        [.. module.NamedState().Select(entry => KeyValuePair.Create(entry.Name, entry.Tensor.ToStored()))];

    /// <summary>
    /// Copies values into one parameter or buffer of the same shape; the type is converted.
    /// </summary>
    /// <exception cref="RetortException">The shapes differ.</exception>
    public static void LoadInto(Tensor target, string name, StoredTensor source)
    {
        if (!target.Shape.AsSpan().SequenceEqual(source.Shape))
        {
            throw new RetortException($"'{name}' has shape [{string.Join(", ", source.Shape)}] in the checkpoint and "
                + $"[{string.Join(", ", target.Shape)}] in the network");
        }

        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        target.Detach().CopyFrom(Tensor.From(source).To(target.Device));
    }
}

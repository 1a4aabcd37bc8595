using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Retort.Torch.Checkpoints;

/// <summary>Tensors by parameter name, in order: what a network's <c>state_dict()</c> gives.</summary>
public sealed class StateDict : IReadOnlyDictionary<string, StoredTensor>
{
    private readonly OrderedDictionary<string, StoredTensor> _tensors = [];
    private readonly Dictionary<string, CheckpointException> _refused = [];

    /// <summary>Makes an empty one.</summary>
    public StateDict()
    {
    }

    /// <summary>Makes one of tensors.</summary>
    /// <exception cref="ArgumentException">A name is given twice.</exception>
    public StateDict(IEnumerable<KeyValuePair<string, StoredTensor>> tensors)
    {
        foreach ((string name, StoredTensor tensor) in tensors)
        {
            Add(name, tensor);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _tensors.Keys;

    /// <inheritdoc/>
    public IEnumerable<StoredTensor> Values => _tensors.Values;

    /// <inheritdoc/>
    public int Count => _tensors.Count;

    /// <summary>Names under which the file has something that was refused, with the reason.</summary>
    public IReadOnlyDictionary<string, CheckpointException> Refused => _refused;

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="CheckpointException">The file has something under this name that was refused.</exception>
    public StoredTensor this[string key] => TryGetValue(key, out StoredTensor? tensor)
        ? tensor
        : throw (Exception?)_refused.GetValueOrDefault(key) ?? new KeyNotFoundException($"the state dict has no '{key}'");

    /// <summary>Appends a tensor.</summary>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Add(string name, StoredTensor tensor) => _tensors.Add(name, tensor);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _tensors.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StoredTensor value) => _tensors.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, StoredTensor>> GetEnumerator() => _tensors.GetEnumerator();

    /// <summary>The <c>OrderedDict</c> to write into a checkpoint.</summary>
    public CheckpointDictionary ToValue()
    {
        var made = new CheckpointDictionary(isOrdered: true);
        foreach ((string name, StoredTensor tensor) in _tensors)
        {
            made[name] = tensor;
        }

        return made;
    }

    internal void Refuse(string name, CheckpointException reason) => _refused[name] = reason;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

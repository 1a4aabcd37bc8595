using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// A <c>dict</c> or <c>OrderedDict</c> in the order of the file. Keys are any values (the optimizer's state has integers);
/// texts, integers, reals and booleans compare by value, everything else by identity.
/// </summary>
public sealed class CheckpointDictionary : CheckpointValue, IEnumerable<KeyValuePair<CheckpointValue, CheckpointValue>>
{
    private readonly OrderedDictionary<CheckpointValue, CheckpointValue> _entries = [];

    /// <summary>Makes an empty dictionary; <paramref name="isOrdered"/> makes it a <c>collections.OrderedDict</c>.</summary>
    public CheckpointDictionary(bool isOrdered = false) => IsOrdered = isOrdered;

    /// <summary>Whether Python's type is <c>collections.OrderedDict</c>; a plain <c>dict</c> keeps its order as well.</summary>
    public bool IsOrdered { get; }

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of a key; setting replaces it or appends it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public CheckpointValue this[CheckpointValue key]
    {
        get => _entries[key];
        set => _entries[key] = value;
    }

    /// <summary>Whether there is the key, and its value.</summary>
    public bool TryGetValue(CheckpointValue key, [NotNullWhen(true)] out CheckpointValue? value) => _entries.TryGetValue(key, out value);

    /// <summary>The value of a key when it is there and of type <typeparamref name="T"/>, else null.</summary>
    public T? Find<T>(CheckpointValue key) where T : CheckpointValue => TryGetValue(key, out CheckpointValue? value) ? value as T : null;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<CheckpointValue, CheckpointValue>> GetEnumerator() => _entries.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"dictionary of {Count}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

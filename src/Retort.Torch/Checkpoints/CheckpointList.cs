using System.Collections;

namespace Retort.Torch.Checkpoints;

/// <summary>Which Python sequence a <see cref="CheckpointList"/> is.</summary>
public enum CheckpointListKind
{
    /// <summary>A <c>list</c>.</summary>
    List,
    /// <summary>A <c>tuple</c> (also <c>torch.Size</c>).</summary>
    Tuple,
    /// <summary>A <c>set</c> or <c>frozenset</c>, in the order of the file.</summary>
    Set,
}

/// <summary>A list, tuple or set.</summary>
public sealed class CheckpointList : CheckpointValue, IReadOnlyList<CheckpointValue>
{
    private readonly List<CheckpointValue> _items;

    /// <summary>Makes a list of items.</summary>
    public CheckpointList(IEnumerable<CheckpointValue> items, CheckpointListKind kind = CheckpointListKind.List) =>
        (_items, Kind) = ([.. items], kind);

    /// <summary>Which Python sequence it is.</summary>
    public CheckpointListKind Kind { get; }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public CheckpointValue this[int index] => _items[index];

    /// <summary>Appends an item.</summary>
    public void Add(CheckpointValue item) => _items.Add(item);

    /// <inheritdoc/>
    public IEnumerator<CheckpointValue> GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} of {Count}".ToLowerInvariant();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

namespace Retort.Torch.Checkpoints;

/// <summary>A tensor in a listing.</summary>
/// <param name="Name">Its name in the state dict, or its keys from the root, separated by <c>/</c>.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Bytes">Size in bytes.</param>
public sealed record ListedTensor(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Bytes);

/// <summary>A value in a listing that is no tensor.</summary>
/// <param name="Place">Keys from the root, separated by <c>/</c>.</param>
/// <param name="Text">The value, shortened to one line.</param>
public sealed record ListedValue(string Place, string Text);

/// <summary>What a checkpoint holds, for people to read. No tensor's bytes are read.</summary>
public sealed record CheckpointListing
{
    private const int LongestText = 100;
    private const int MostValues = 1000;

    private CheckpointListing()
    {
    }

    /// <summary>The format.</summary>
    public required CheckpointFormat Format { get; init; }

    /// <summary>
    /// Keys from the root to the state dict, separated by <c>/</c>; empty for the root, null when there is no state dict.
    /// </summary>
    public required string? Place { get; init; }

    /// <summary>The tensors of the state dict, in order.</summary>
    public required IReadOnlyList<ListedTensor> Tensors { get; init; }

    /// <summary>Tensors elsewhere: an optimizer's state, a second copy of the weights.</summary>
    public required IReadOnlyList<ListedTensor> OtherTensors { get; init; }

    /// <summary>The other values (numbers, texts), at most 1000.</summary>
    public required IReadOnlyList<ListedValue> Values { get; init; }

    /// <summary>What was refused: objects that the file asks to import or to call.</summary>
    public required IReadOnlyList<ListedValue> Refused { get; init; }

    /// <summary>Elements of the state dict's tensors, in all.</summary>
    public long ElementCount => Tensors.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>Bytes of the state dict's tensors, in all.</summary>
    public long ByteCount => Tensors.Sum(t => t.Bytes);

    /// <summary>Lists a checkpoint.</summary>
    /// <exception cref="CheckpointException">The options of the checkpoint name a place that is not there.</exception>
    public static CheckpointListing Of(Checkpoint checkpoint)
    {
        (CheckpointDictionary Dictionary, string Place)? found = checkpoint.FindStateDict();
        var walk = new Walk(found?.Dictionary);
        walk.Visit(checkpoint.Root, "");
        if (checkpoint.Format == CheckpointFormat.Safetensors)
        {
            walk.Visit(checkpoint.Meta, "__metadata__");
        }

        return new CheckpointListing
        {
            Format = checkpoint.Format,
            Place = found?.Place,
            Tensors = found is null ? [] : [.. checkpoint.StateDict.Select(t => Listed(t.Key, t.Value))],
            OtherTensors = walk.Tensors,
            Values = [.. walk.Values.Take(MostValues)],
            Refused = walk.Refused,
        };
    }

    /// <summary>Collects everything but the tensors of the state dict, which are listed under their stripped names.</summary>
    private sealed class Walk(CheckpointDictionary? stateDict)
    {
        public List<ListedTensor> Tensors { get; } = [];

        public List<ListedValue> Values { get; } = [];

        public List<ListedValue> Refused { get; } = [];

        public void Visit(CheckpointValue value, string place)
        {
            switch (value)
            {
                case CheckpointTensor tensor:
                    Tensors.Add(Listed(place, tensor.Value));
                    break;
                case InertObject:
                    Refused.Add(new ListedValue(place, OneLine(value)));
                    break;
                case CheckpointDictionary dictionary:
                    VisitEntries(dictionary, place);
                    break;
                case CheckpointList list when list.Any(item => item is CheckpointDictionary or CheckpointTensor or InertObject):
                    for (int i = 0; i < list.Count; i++)
                    {
                        Visit(list[i], $"{place}/{i}");
                    }

                    break;
                default:
                    Values.Add(new ListedValue(place, OneLine(value)));
                    break;
            }
        }

        private void VisitEntries(CheckpointDictionary dictionary, string place)
        {
            foreach ((CheckpointValue key, CheckpointValue item) in dictionary)
            {
                if (item is not CheckpointTensor || !ReferenceEquals(dictionary, stateDict))
                {
                    Visit(item, place.Length == 0 ? OneLine(key) : $"{place}/{OneLine(key)}");
                }
            }
        }
    }

    private static ListedTensor Listed(string name, StoredTensor tensor) =>
        new(CheckpointText.Printable(name), tensor.Type, tensor.Shape, tensor.ByteCount);

    private static string OneLine(CheckpointValue value)
    {
        string text = value is CheckpointList list
            ? $"[{string.Join(", ", list.Take(20).Select(item => item.ToString()))}{(list.Count > 20 ? ", ..." : "")}]"
            : value.ToString()!;

        text = text.Length > LongestText ? text[..LongestText] + "..." : text;
        return CheckpointText.Printable(text).ReplaceLineEndings(" ");
    }
}

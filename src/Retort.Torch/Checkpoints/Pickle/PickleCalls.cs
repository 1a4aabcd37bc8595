using System.Numerics;
using System.Text;

namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>
/// The few names that have a meaning when a pickle calls them: containers, bytes and PyTorch's tensor constructors. Each is done
/// here; nothing is looked up by name in any runtime. Every other call becomes an <see cref="InertObject"/>.
/// </summary>
internal sealed class PickleCalls(PickleInput input, StorageTable storages)
{
    /// <summary>PyTorch's own bound.</summary>
    private const int MostDimensions = 64;

    /// <summary>
    /// What one item of a container that a call copies is counted as. Calls on one shared list could else fill the memory.
    /// </summary>
    private const int BytesOfItem = 16;

    /// <summary>What the call stands for.</summary>
    public CheckpointValue Call(CheckpointValue callee, CheckpointList arguments, long at)
    {
        if (callee is not InertObject { WasCalled: false } function)
        {
            return callee is InertObject result
                ? new InertObject($"{result.Global}()", at, called: true)
                : throw input.Error("the pickle calls what is no function", at: at);
        }

        if (function.Global == "torch._tensor._rebuild_from_type_v2")
        {
            // (function, type, its arguments, attributes): a tensor with Python attributes or of a subclass.
            return arguments is [InertObject inner, _, CheckpointList innerArguments, ..]
                && Tensor(inner.Global, innerArguments, at) is { } typed
                ? typed
                : Inert(function, at);
        }

        return Tensor(function.Global, arguments, at) ?? Container(function.Global, arguments) ?? Inert(function, at);
    }

    /// <summary>
    /// A storage: ('storage', class, key, device, count), in the older format with (view key, offset, count) or None behind.
    /// </summary>
    public CheckpointStorage Persistent(CheckpointValue id, long at)
    {
        if (id is not CheckpointList { Kind: CheckpointListKind.Tuple } parts
            || parts is not [CheckpointText { Value: "storage" }, InertObject { WasCalled: false } @class, CheckpointText key, _,
                CheckpointInteger count, ..])
        {
            throw input.Error("a persistent id that is no storage of PyTorch", at: at);
        }

        ScalarType? type = TorchTypes.OfStorage(@class.Global);
        if (type is null && !TorchTypes.IsUntyped(@class.Global))
        {
            throw input.Error($"storage '{key.Value}' is of the class {@class.Global}, which is not supported",
                "convert the tensor in Python to one of the plain number types", at);
        }

        StoredStorage storage = storages.Get(key.Value, type?.ElementSize() ?? 1, Integer(count, at));
        return parts.Count > 5 && parts[5] is CheckpointList view
            ? View(storage, type, view, at)
            : new CheckpointStorage(storage, type, 0, storage.Count);
    }

    private CheckpointStorage View(StoredStorage storage, ScalarType? type, CheckpointList view, long at)
    {
        if (view is not [_, CheckpointInteger offsetValue, CheckpointInteger countValue])
        {
            throw input.Error($"a malformed view of storage '{storage.Key}'", at: at);
        }

        (long offset, long count) = (Integer(offsetValue, at), Integer(countValue, at));
        return offset >= 0 && count >= 0 && count <= storage.Count - offset
            ? new CheckpointStorage(storage, type, offset, count)
            : throw input.Error($"a view of {count} elements from {offset} on does not lie within the {storage.Count} of storage "
                + $"'{storage.Key}'", at: at);
    }

    private CheckpointTensor? Tensor(string function, CheckpointList arguments, long at)
    {
        switch (function)
        {
            // (storage, offset, size, stride [, requires_grad, backward_hooks [, metadata]])
            case "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2":
                return Strided(arguments, null, at);

            // (storage, offset, size, stride, requires_grad, backward_hooks, dtype [, metadata])
            case "torch._utils._rebuild_tensor_v3":
                return arguments is [_, _, _, _, _, _, InertObject dtype, ..] && TorchTypes.OfDtype(dtype.Global) is { } type
                    ? Strided(arguments, type, at)
                    : throw input.Error("a tensor of an unsupported dtype", "convert it in Python to one of the plain number types", at);

            // (data, requires_grad, backward_hooks [, state])
            case "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state":
                return arguments is [CheckpointTensor data, ..]
                    ? new CheckpointTensor(data.Value, isParameter: true)
                    : throw input.Error("a parameter without a tensor", at: at);
            default:
                return null;
        }
    }

    private CheckpointTensor Strided(CheckpointList arguments, ScalarType? dtype, long at)
    {
        if (arguments is not [CheckpointStorage storage, CheckpointInteger offset, CheckpointList size, CheckpointList stride, ..]
            || (dtype ?? storage.Type) is not { } type)
        {
            throw input.Error("a tensor is described in a way that is not known", at: at);
        }

        try
        {
            // Within an untyped storage the offset counts elements of the tensor's own type.
            long ratio = type.ElementSize() / storage.Storage.ElementSize;
            if (ratio * storage.Storage.ElementSize != type.ElementSize() || (storage.Type is null && storage.Offset != 0))
            {
                throw new ArgumentException($"{type} elements in a storage of {storage.Storage.ElementSize}-byte ones");
            }

            StridedLayout layout = new(Integers(size, at), Integers(stride, at), Integer(offset, at));
            layout.Check(storage.Count / ratio, type.ElementSize());
            layout = layout with { Offset = layout.Offset + storage.Offset };
            return new CheckpointTensor(new StoredTensor(type, layout, storage.Storage, storage.Storage.Count / ratio));
        }
        catch (Exception e) when (e is ArgumentException or DivideByZeroException)
        {
            throw input.Error($"a tensor of storage '{storage.Storage.Key}': {e.Message}",
                "the file is damaged or hostile: fetch or write it again", at);
        }
    }

    private CheckpointValue? Container(string function, CheckpointList arguments) => (function, arguments) switch
    {
        ("collections.OrderedDict", _) => Dictionary(arguments is [CheckpointList pairs] ? Charged(pairs) : [], isOrdered: true),
        ("collections.defaultdict" or "__builtin__.dict" or "builtins.dict", _) => new CheckpointDictionary(),
        ("__builtin__.set" or "builtins.set" or "__builtin__.frozenset" or "builtins.frozenset", _) =>
            new CheckpointList(arguments is [CheckpointList items] ? Charged(items) : [], CheckpointListKind.Set),
        ("torch.Size", [CheckpointList sizes]) => new CheckpointList(Charged(sizes), CheckpointListKind.Tuple),
        ("_codecs.encode", [CheckpointText text, ..]) => Bytes(text.Value),
        ("__builtin__.bytes" or "builtins.bytes" or "builtins.bytearray", []) => new CheckpointBytes(default),
        ("builtins.bytearray", [CheckpointBytes bytes]) => bytes,
        _ => null,
    };

    /// <summary>Protocol 2 writes bytes as a text of Latin-1 characters.</summary>
    private CheckpointBytes? Bytes(string text)
    {
        input.Charge(text.Length);
        return text.All(c => c <= 255) ? new CheckpointBytes(Encoding.Latin1.GetBytes(text)) : null;
    }

    private CheckpointList Charged(CheckpointList list)
    {
        input.Charge((long)list.Count * BytesOfItem);
        return list;
    }

    /// <summary>Python 2 wrote an OrderedDict as a list of [key, value] pairs.</summary>
    private static CheckpointDictionary Dictionary(IEnumerable<CheckpointValue> pairs, bool isOrdered)
    {
        var made = new CheckpointDictionary(isOrdered);
        foreach (CheckpointValue pair in pairs)
        {
            if (pair is CheckpointList { Count: 2 } entry)
            {
                made[entry[0]] = entry[1];
            }
        }

        return made;
    }

    private static InertObject Inert(InertObject function, long at) => new(function.Global, at, called: true);

    private long[] Integers(CheckpointList list, long at) => list.Count <= MostDimensions
        ? [.. list.Select(item => item is CheckpointInteger integer ? Integer(integer, at)
            : throw input.Error("a tensor's size or stride is not an integer", at: at))]
        : throw input.Error($"a tensor of {list.Count} dimensions", at: at);

    private long Integer(CheckpointInteger value, long at) =>
        value.Value >= long.MinValue && value.Value <= long.MaxValue
            ? (long)value.Value
            : throw input.Error($"an absurd number for a size or an offset: {BigInteger.Log10(BigInteger.Abs(value.Value)):0} digits",
                at: at);
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using PickleOp = Retort.Torch.Checkpoints.Pickle.PickleOpcode;

namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>
/// Writes a tree as a pickle of protocol 2, the one of <c>torch.save</c>. Storages are named 0, 1, ... in order of appearance.
/// </summary>
internal sealed class Pickler
{
    private readonly MemoryStream _output = new();
    private readonly Dictionary<StoredTensor, string> _keys = new(ReferenceEqualityComparer.Instance);
    private readonly List<StoredTensor> _tensors = [];

    /// <summary>The tensors by the number of their storage; a tensor that stands in the tree twice has one.</summary>
    public IReadOnlyList<StoredTensor> Tensors => _tensors;

    /// <summary>The pickle of a tree.</summary>
    /// <exception cref="ArgumentException">The tree holds an inert object, or is nested too deep (or within itself).</exception>
    public byte[] Write(CheckpointValue root)
    {
        Write([PickleOp.Proto, 2]);
        WriteValue(root, 0);
        Write([PickleOp.Stop]);
        return _output.ToArray();
    }

    private void WriteValue(CheckpointValue value, int depth)
    {
        if (depth > CheckpointLimits.Default.Depth)
        {
            throw new ArgumentException($"the tree is nested more than {CheckpointLimits.Default.Depth} deep");
        }

        switch (value)
        {
            case CheckpointDictionary dictionary:
                WriteDictionary(dictionary, depth);
                break;
            case CheckpointList list:
                WriteList(list, depth);
                break;
            default:
                WriteLeaf(value);
                break;
        }
    }

    private void WriteLeaf(CheckpointValue value)
    {
        switch (value)
        {
            case CheckpointNone:
                Write([PickleOp.None]);
                break;
            case CheckpointBoolean boolean:
                Write([boolean.Value ? PickleOp.NewTrue : PickleOp.NewFalse]);
                break;
            case CheckpointInteger integer:
                WriteInteger(integer.Value);
                break;
            case CheckpointReal real:
                WriteReal(real.Value);
                break;
            case CheckpointText text:
                WriteText(text.Value);
                break;
            case CheckpointBytes bytes:
                WriteBytes(bytes.Value);
                break;
            case CheckpointTensor tensor:
                WriteTensor(tensor.Value);
                break;
            default:
                throw new ArgumentException($"{value} cannot be written to a checkpoint");
        }
    }

    private void WriteReal(double value)
    {
        Write([PickleOp.BinFloat]);
        Span<byte> bits = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bits, value);
        Write(bits);
    }

    private void WriteDictionary(CheckpointDictionary dictionary, int depth)
    {
        if (dictionary.IsOrdered)
        {
            WriteGlobal("collections", "OrderedDict");
            Write([PickleOp.EmptyTuple, PickleOp.Reduce]);
        }
        else
        {
            Write([PickleOp.EmptyDict]);
        }

        Write([PickleOp.Mark]);
        foreach ((CheckpointValue key, CheckpointValue item) in dictionary)
        {
            WriteValue(key, depth + 1);
            WriteValue(item, depth + 1);
        }

        Write([PickleOp.SetItems]);
    }

    private void WriteList(CheckpointList list, int depth)
    {
        if (list.Kind == CheckpointListKind.Set)
        {
            WriteGlobal("__builtin__", "set");
        }

        Write(list.Kind == CheckpointListKind.Tuple ? [PickleOp.Mark] : [PickleOp.EmptyList, PickleOp.Mark]);
        foreach (CheckpointValue item in list)
        {
            WriteValue(item, depth + 1);
        }

        Write(list.Kind switch
        {
            CheckpointListKind.Tuple => [PickleOp.Tuple],
            CheckpointListKind.Set => [PickleOp.Appends, PickleOp.Tuple1, PickleOp.Reduce],
            _ => [PickleOp.Appends],
        });
    }

    /// <summary><c>torch._utils._rebuild_tensor_v2(storage, 0, size, stride, requires_grad=False, OrderedDict())</c>.</summary>
    private void WriteTensor(StoredTensor tensor)
    {
        if (!_keys.TryGetValue(tensor, out string? key))
        {
            _keys[tensor] = key = _tensors.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _tensors.Add(tensor);
        }

        WriteGlobal("torch._utils", "_rebuild_tensor_v2");
        Write([PickleOp.Mark, PickleOp.Mark]);
        WriteText("storage");
        WriteGlobal("torch", TorchTypes.StorageName(tensor.Type));
        WriteText(key);
        WriteText("cpu");
        WriteInteger(tensor.Count);
        Write([PickleOp.Tuple, PickleOp.BinPersId]);
        WriteInteger(0);
        WriteIntegers(tensor.Shape);
        WriteIntegers(StridedLayout.RowMajor(tensor.Shape));
        Write([PickleOp.NewFalse]);
        WriteGlobal("collections", "OrderedDict");
        Write([PickleOp.EmptyTuple, PickleOp.Reduce, PickleOp.Tuple, PickleOp.Reduce]);
    }

    private void WriteIntegers(long[] values)
    {
        Write([PickleOp.Mark]);
        foreach (long value in values)
        {
            WriteInteger(value);
        }

        Write([PickleOp.Tuple]);
    }

    private void WriteInteger(BigInteger value)
    {
        Span<byte> four = stackalloc byte[4];
        if (value >= int.MinValue && value <= int.MaxValue)
        {
            Write([PickleOp.BinInt]);
            BinaryPrimitives.WriteInt32LittleEndian(four, (int)value);
            Write(four);
            return;
        }

        byte[] bytes = value.ToByteArray();
        if (bytes.Length > byte.MaxValue)
        {
            throw new ArgumentException($"an integer of {bytes.Length} bytes cannot be written to a checkpoint");
        }

        Write([PickleOp.Long1, (byte)bytes.Length]);
        Write(bytes);
    }

    private void WriteText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        Write([PickleOp.BinUnicode]);
        Write(length);
        Write(utf8);
    }

    /// <summary>Protocol 2 has no bytes: Python writes them as a text of Latin-1 characters.</summary>
    private void WriteBytes(ReadOnlyMemory<byte> bytes)
    {
        WriteGlobal("_codecs", "encode");
        Write([PickleOp.Mark]);
        WriteText(Encoding.Latin1.GetString(bytes.Span));
        WriteText("latin1");
        Write([PickleOp.Tuple, PickleOp.Reduce]);
    }

    private void WriteGlobal(string module, string name) => Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private void Write(ReadOnlySpan<byte> bytes) => _output.Write(bytes);
}

using PickleOp = Retort.Torch.Checkpoints.Pickle.PickleOpcode;

namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>
/// Reads pickles (protocols 0 to 5) into a tree without importing or calling anything: what a pickle names or calls is
/// looked up in a fixed list of names with a meaning here (<see cref="PickleCalls"/>), all else becomes an <see cref="InertObject"/>.
/// The machine: a stack, marks on it and a memo (Python Library Reference, "pickletools").
/// </summary>
internal sealed partial class Unpickler
{
    private readonly PickleInput _input;
    private readonly PickleCalls _calls;
    private readonly CheckpointLimits _limits;
    private readonly List<CheckpointValue> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, CheckpointValue> _memo = [];
    private long _at;

    public Unpickler(PickleInput input, StorageTable storages, CheckpointLimits limits) =>
        (_input, _calls, _limits) = (input, new PickleCalls(input, storages), limits);

    /// <summary>Reads one pickle, up to and with its STOP.</summary>
    public CheckpointValue Read()
    {
        for (int instructions = 0; instructions < _limits.Instructions; instructions++)
        {
            _at = _input.Position;
            byte opcode = _input.ReadByte();
            if (opcode == PickleOp.Stop)
            {
                CheckpointValue root = Pop();
                PickleTree.Check(root, _input, _limits);
                return root;
            }

            if (!TryScalar(opcode) && !TryContainer(opcode) && !TryMemo(opcode) && !TryObject(opcode))
            {
                throw _input.Error($"unknown pickle instruction 0x{opcode:x2}", "the file is damaged or not a checkpoint", _at);
            }
        }

        throw _input.Error($"more than {_limits.Instructions} pickle instructions", "no checkpoint needs as many: do not trust the file");
    }

    private void Push(CheckpointValue value) => _stack.Add(value);

    private CheckpointValue Pop()
    {
        CheckpointValue top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private CheckpointValue Top() =>
        _stack.Count > (_marks.Count > 0 ? _marks.Peek() : 0) ? _stack[^1]
            : throw _input.Error("the pickle takes from an empty stack", at: _at);

    private T Pop<T>(string what) where T : CheckpointValue =>
        Pop() is T value ? value : throw _input.Error($"the pickle needs {what} here", at: _at);

    /// <summary>Takes everything above the last mark, and the mark.</summary>
    private CheckpointValue[] PopToMark()
    {
        if (!_marks.TryPop(out int mark))
        {
            throw _input.Error("the pickle has no mark here", at: _at);
        }

        CheckpointValue[] items = [.. _stack[mark..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private CheckpointValue[] PopMany(int count)
    {
        var items = new CheckpointValue[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }
}

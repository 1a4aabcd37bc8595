using System.Globalization;
using PickleOp = Retort.Torch.Checkpoints.Pickle.PickleOpcode;

namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>The memo, names of Python objects, their calls and persistent ids.</summary>
internal sealed partial class Unpickler
{
    private bool TryMemo(byte opcode)
    {
        switch (opcode)
        {
            case PickleOp.Put:
                _memo[ReadLineIndex()] = Top();
                return true;
            case PickleOp.BinPut:
                _memo[_input.ReadByte()] = Top();
                return true;
            case PickleOp.LongBinPut:
                _memo[(uint)_input.ReadInt32()] = Top();
                return true;
            case PickleOp.Memoize:
                _memo[_memo.Count] = Top();
                return true;
            case PickleOp.Get:
                Push(Recall(ReadLineIndex()));
                return true;
            case PickleOp.BinGet:
                Push(Recall(_input.ReadByte()));
                return true;
            case PickleOp.LongBinGet:
                Push(Recall((uint)_input.ReadInt32()));
                return true;
            case PickleOp.Pop:
                DropTop();
                return true;
            case PickleOp.PopMark:
                PopToMark();
                return true;
            case PickleOp.Dup:
                Push(Top());
                return true;
            default:
                return false;
        }
    }

    private bool TryObject(byte opcode)
    {
        switch (opcode)
        {
            case PickleOp.Proto:
                ReadProtocol();
                return true;
            case PickleOp.Frame:
                _input.ReadInt64();
                return true;
            case PickleOp.Global:
                Push(new InertObject($"{_input.ReadLine()}.{_input.ReadLine()}", _at, called: false));
                return true;
            case PickleOp.StackGlobal:
                CheckpointValue[] names = PopMany(2);
                Push(new InertObject(names is [CheckpointText module, CheckpointText name]
                    ? $"{module.Value}.{name.Value}"
                    : throw _input.Error("the name of a Python object is not a text", at: _at), _at, called: false));
                return true;
            case PickleOp.BinPersId:
                Push(_calls.Persistent(Pop(), _at));
                return true;
            case PickleOp.Build:
                // The state of an object: of an OrderedDict its attributes (PyTorch's _metadata), of an unknown one whatever. Dropped.
                Pop();
                Top();
                return true;
            default:
                return TryCall(opcode);
        }
    }

    private bool TryCall(byte opcode)
    {
        switch (opcode)
        {
            case PickleOp.Reduce or PickleOp.NewObj:
                CheckpointList arguments = Pop<CheckpointList>("the arguments of a call");
                Push(_calls.Call(Pop(), arguments, _at));
                return true;
            case PickleOp.NewObjEx:
                Pop();
                CheckpointList positional = Pop<CheckpointList>("the arguments of a call");
                Push(_calls.Call(Pop(), positional, _at));
                return true;
            case PickleOp.Inst:
                var named = new InertObject($"{_input.ReadLine()}.{_input.ReadLine()}", _at, called: false);
                Push(_calls.Call(named, new CheckpointList(PopToMark(), CheckpointListKind.Tuple), _at));
                return true;
            case PickleOp.Obj:
                CheckpointValue[] all = PopToMark();
                Push(all.Length > 0
                    ? _calls.Call(all[0], new CheckpointList(all[1..], CheckpointListKind.Tuple), _at)
                    : throw _input.Error("a call of nothing", at: _at));
                return true;
            default:
                return false;
        }
    }

    /// <summary>POP takes a value or, right above a mark, the mark.</summary>
    private void DropTop()
    {
        if (_marks.TryPeek(out int mark) && mark == _stack.Count)
        {
            _marks.Pop();
        }
        else
        {
            Pop();
        }
    }

    private void ReadProtocol()
    {
        int protocol = _input.ReadByte();
        if (protocol > 5)
        {
            throw _input.Error($"pickle protocol {protocol}, 0 to 5 are known", "save it in Python with pickle_protocol=2", _at);
        }
    }

    private CheckpointValue Recall(long index) =>
        _memo.TryGetValue(index, out CheckpointValue? value) ? value : throw _input.Error($"the memo has no entry {index}", at: _at);

    private long ReadLineIndex() =>
        long.TryParse(_input.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out long index)
            ? index
            : throw _input.Error("not an index of the memo", at: _at);
}

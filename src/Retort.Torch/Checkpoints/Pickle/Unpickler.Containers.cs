using PickleOp = Retort.Torch.Checkpoints.Pickle.PickleOpcode;

namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>Lists, tuples, sets and dictionaries.</summary>
internal sealed partial class Unpickler
{
    private bool TryContainer(byte opcode)
    {
        switch (opcode)
        {
            case PickleOp.Mark:
                _marks.Push(_stack.Count);
                return true;
            case PickleOp.Append:
                CheckpointValue item = Pop();
                AddItems(Top(), [item]);
                return true;
            case PickleOp.Appends or PickleOp.AddItems:
                CheckpointValue[] items = PopToMark();
                AddItems(Top(), items);
                return true;
            case PickleOp.SetItem:
                CheckpointValue[] entry = PopMany(2);
                SetItems(Top(), entry);
                return true;
            case PickleOp.SetItems:
                CheckpointValue[] entries = PopToMark();
                SetItems(Top(), entries);
                return true;
            default:
                return TryNewContainer(opcode);
        }
    }

    private bool TryNewContainer(byte opcode)
    {
        CheckpointValue? made = opcode switch
        {
            PickleOp.EmptyList => new CheckpointList([]),
            PickleOp.List => new CheckpointList(PopToMark()),
            PickleOp.EmptyTuple => new CheckpointList([], CheckpointListKind.Tuple),
            PickleOp.Tuple => new CheckpointList(PopToMark(), CheckpointListKind.Tuple),
            PickleOp.Tuple1 => new CheckpointList(PopMany(1), CheckpointListKind.Tuple),
            PickleOp.Tuple2 => new CheckpointList(PopMany(2), CheckpointListKind.Tuple),
            PickleOp.Tuple3 => new CheckpointList(PopMany(3), CheckpointListKind.Tuple),
            PickleOp.EmptySet => new CheckpointList([], CheckpointListKind.Set),
            PickleOp.FrozenSet => new CheckpointList(PopToMark(), CheckpointListKind.Set),
            PickleOp.EmptyDict => new CheckpointDictionary(),
            PickleOp.Dict => NewDictionary(PopToMark()),
            _ => null,
        };
        if (made is null)
        {
            return false;
        }

        Push(made);
        return true;
    }

    private CheckpointDictionary NewDictionary(CheckpointValue[] entries)
    {
        var made = new CheckpointDictionary();
        SetItems(made, entries);
        return made;
    }

    /// <summary>Inert objects swallow what is put into them: they were never made.</summary>
    private void AddItems(CheckpointValue target, CheckpointValue[] items)
    {
        if (target is CheckpointList list)
        {
            foreach (CheckpointValue item in items)
            {
                list.Add(item);
            }
        }
        else if (target is not InertObject)
        {
            throw _input.Error("the pickle appends to what is no list", at: _at);
        }
    }

    private void SetItems(CheckpointValue target, CheckpointValue[] entries)
    {
        if (entries.Length % 2 != 0)
        {
            throw _input.Error("a dictionary's key has no value", at: _at);
        }

        if (target is CheckpointDictionary dictionary)
        {
            for (int i = 0; i < entries.Length; i += 2)
            {
                dictionary[entries[i]] = entries[i + 1];
            }
        }
        else if (target is not InertObject)
        {
            throw _input.Error("the pickle sets an item of what is no dictionary", at: _at);
        }
    }
}

using System.Globalization;
using System.Numerics;
using PickleOp = Retort.Torch.Checkpoints.Pickle.PickleOpcode;

namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>Numbers, texts and bytes.</summary>
internal sealed partial class Unpickler
{
    /// <summary>Larger integers (no checkpoint has any) would cost quadratic time in their decimal form.</summary>
    private const int LongestInteger = 1024;

    private bool TryScalar(byte opcode)
    {
        CheckpointValue? value = opcode switch
        {
            PickleOp.None => CheckpointNone.Instance,
            PickleOp.NewTrue => new CheckpointBoolean(true),
            PickleOp.NewFalse => new CheckpointBoolean(false),
            PickleOp.BinInt => new CheckpointInteger(_input.ReadInt32()),
            PickleOp.BinInt1 => new CheckpointInteger(_input.ReadByte()),
            PickleOp.BinInt2 => new CheckpointInteger(_input.ReadUInt16()),
            PickleOp.Long1 => ReadInteger(_input.ReadByte()),
            PickleOp.Long4 => ReadInteger(_input.ReadInt32()),
            PickleOp.BinFloat => new CheckpointReal(_input.ReadBigEndianDouble()),
            PickleOp.BinUnicode or PickleOp.BinString => new CheckpointText(_input.ReadText((uint)_input.ReadInt32())),
            PickleOp.ShortBinUnicode or PickleOp.ShortBinString => new CheckpointText(_input.ReadText(_input.ReadByte())),
            PickleOp.BinUnicode8 => new CheckpointText(_input.ReadText(_input.ReadInt64())),
            PickleOp.BinBytes => new CheckpointBytes(_input.ReadBytes((uint)_input.ReadInt32())),
            PickleOp.ShortBinBytes => new CheckpointBytes(_input.ReadBytes(_input.ReadByte())),
            PickleOp.BinBytes8 or PickleOp.ByteArray8 => new CheckpointBytes(_input.ReadBytes(_input.ReadInt64())),
            _ => ReadLineScalar(opcode),
        };
        if (value is null)
        {
            return false;
        }

        Push(value);
        return true;
    }

    /// <summary>The instructions of protocol 0, whose operand is a line of text.</summary>
    private CheckpointValue? ReadLineScalar(byte opcode) => opcode switch
    {
        PickleOp.Int => _input.ReadLine() switch
        {
            "00" => new CheckpointBoolean(false),
            "01" => new CheckpointBoolean(true),
            string digits => ParseInteger(digits),
        },
        PickleOp.Long => ParseInteger(_input.ReadLine().TrimEnd('L')),
        PickleOp.Float => double.TryParse(_input.ReadLine(), NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            ? new CheckpointReal(real)
            : throw _input.Error("not a number", at: _at),
        PickleOp.String => new CheckpointText(_input.ReadLine().Trim('\'', '"')),
        PickleOp.Unicode => new CheckpointText(_input.ReadLine()),
        _ => null,
    };

    private CheckpointInteger ReadInteger(int length) => length is >= 0 and <= LongestInteger
        ? new CheckpointInteger(new BigInteger(_input.ReadBytes(length)))
        : throw _input.Error($"an integer of {length} bytes", at: _at);

    private CheckpointInteger ParseInteger(string digits) =>
        digits.Length <= LongestInteger
            && BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value)
            ? new CheckpointInteger(value)
            : throw _input.Error("not an integer", at: _at);
}

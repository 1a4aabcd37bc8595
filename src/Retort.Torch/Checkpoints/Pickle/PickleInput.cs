using System.Buffers.Binary;
using System.Text;

namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>The bytes of a pickle, read through a small buffer; every announced length is checked before memory is taken.</summary>
internal sealed class PickleInput
{
    private const int LongestLine = 1 << 16;
    private readonly ByteSource _source;
    private readonly string _file;
    private readonly string _place;
    private readonly byte[] _buffer = new byte[1 << 14];
    private long _bufferStart;
    private int _bufferLength;
    private long _budget;

    public PickleInput(ByteSource source, string file, string place, int textBytes, long position = 0) =>
        (_source, _file, _place, _budget, Position) = (source, file, place, textBytes, position);

    /// <summary>Offset of the next byte.</summary>
    public long Position { get; private set; }

    public CheckpointException Error(string problem, string? remedy = null, long? at = null) =>
        new(_file, $"{_place}, offset {at ?? Position}", problem, remedy);

    public byte ReadByte()
    {
        if (Position < _bufferStart || Position >= _bufferStart + _bufferLength)
        {
            Fill();
        }

        return _buffer[Position++ - _bufferStart];
    }

    public byte[] ReadBytes(long count)
    {
        if (count < 0 || count > _source.Length - Position)
        {
            throw Error($"{count} bytes are announced, {Math.Max(0, _source.Length - Position)} are left", Truncated);
        }

        Charge(count);
        byte[] bytes = new byte[count];
        _source.Read(Position, bytes);
        Position += count;
        return bytes;
    }

    /// <summary>Counts bytes that are about to be made from a few of the file, against the budget.</summary>
    public void Charge(long bytes)
    {
        _budget -= bytes;
        if (_budget < 0)
        {
            throw Error($"the pickle's values take {-_budget} bytes more than is allowed",
                "no checkpoint needs as many: do not trust the file");
        }
    }

    public ushort ReadUInt16() => (ushort)(ReadByte() | ReadByte() << 8);

    public int ReadInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        ReadInto(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadInto(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public double ReadBigEndianDouble()
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadInto(bytes);
        return BinaryPrimitives.ReadDoubleBigEndian(bytes);
    }

    /// <summary>UTF-8 text of a length in bytes; what is not UTF-8 becomes the replacement character.</summary>
    public string ReadText(long count) => Encoding.UTF8.GetString(ReadBytes(count));

    /// <summary>Text up to a line feed, without it.</summary>
    public string ReadLine()
    {
        var bytes = new List<byte>();
        for (byte next = ReadByte(); next != '\n'; next = ReadByte())
        {
            if (bytes.Count == LongestLine)
            {
                throw Error($"a line of more than {LongestLine} bytes");
            }

            bytes.Add(next);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private const string Truncated = "the file is truncated: fetch or write it again";

    private void ReadInto(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = ReadByte();
        }
    }

    private void Fill()
    {
        int count = (int)Math.Min(_buffer.Length, _source.Length - Position);
        if (count <= 0)
        {
            throw Error("the pickle ends in the middle", Truncated);
        }

        _source.Read(Position, _buffer.AsSpan(0, count));
        (_bufferStart, _bufferLength) = (Position, count);
    }
}

using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>The IDAT chunks of a PNG file on disk as one stream; each chunk's checksum is verified at its end.</summary>
internal sealed class PngFileDataStream(SafeFileHandle file, PngLayout layout, string name) : ForwardStream
{
    private readonly Crc32 _sum = new();
    private int _chunk;
    private int _position;

    public override int Read(Span<byte> buffer)
    {
        while (_chunk < layout.Data.Count && _position == layout.Data[_chunk].Length)
        {
            CheckSum();
            (_chunk, _position) = (_chunk + 1, 0);
        }

        if (_chunk == layout.Data.Count)
        {
            return 0;
        }

        (long offset, int length) = layout.Data[_chunk];
        if (_position == 0)
        {
            _sum.Append("IDAT"u8); // the sum covers the type, too
        }

        int read = UserFiles.Read(file, buffer[..Math.Min(buffer.Length, length - _position)], offset + _position, name);
        _sum.Append(buffer[..read]);
        _position += read;
        return read;
    }

    private void CheckSum()
    {
        (long offset, int length) = layout.Data[_chunk];
        Span<byte> written = stackalloc byte[4];
        bool isRead = length == 0 || UserFiles.Read(file, written, offset + length, name) == written.Length;
        if (!isRead || (length > 0 && BinaryPrimitives.ReadUInt32BigEndian(written) != _sum.GetCurrentHashAsUInt32()))
        {
            throw PngChunks.Corrupt(name, "the checksum of its chunk IDAT is wrong");
        }

        _sum.Reset();
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Retort.Testing;

/// <summary>Writes square pictures that are too large to be made in memory.</summary>
public static class LargePng
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Writes one row by row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="side">Width and height, pixels.</param>
    /// <param name="compression">How the rows are packed.</param>
    /// <param name="fill">Fills the RGB bytes of a row, which hold those of the row above it; without it all is black.</param>
    public static void Write(string path, int side, CompressionLevel compression, Action<Span<byte>>? fill = null)
    {
        using FileStream file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        (header[8], header[9]) = (8, 2); // 8 bits a channel, RGB
        WriteChunk(file, "IHDR", header);
        WriteRows(file, side, compression, fill);
        WriteChunk(file, "IEND", []);
    }

    private static void WriteRows(FileStream file, int side, CompressionLevel compression, Action<Span<byte>>? fill)
    {
        byte[] row = new byte[1 + (3 * side)]; // begins with the row's filter: none
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, compression, leaveOpen: true))
        {
            for (int y = 0; y < side; y++)
            {
                fill?.Invoke(row.AsSpan(1));
                zlib.Write(row);
                if (packed.Length > ChunkBytes)
                {
                    WriteChunk(file, "IDAT", packed.ToArray());
                    packed.SetLength(0);
                }
            }
        }

        WriteChunk(file, "IDAT", packed.ToArray());
    }

    private static void WriteChunk(FileStream file, string type, byte[] body)
    {
        byte[] covered = [.. Encoding.ASCII.GetBytes(type), .. body];
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(covered);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(covered));
        file.Write(number);
    }
}

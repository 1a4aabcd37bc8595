using System.Buffers.Binary;
using System.IO.Compression;

namespace Retort.Fuzzing.Mutation;

/// <summary>
/// Mutates chunks, and pixels before they are deflated, and corrects the checksums, so that what lies behind them is reached too.
/// </summary>
public sealed class PngMutator : IMutator
{
    private const int SignatureLength = 8;
    private static readonly ByteMutator s_bytes = new();
    private static readonly string[] s_types = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "eXIf", "gAMA", "acTL", "iCCP", "zTXt"];

    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        if (random.Chance(20))
        {
            return s_bytes.Mutate(seed, seeds, random);
        }

        List<(string Type, byte[] Data)> chunks = Parse(seed);
        for (int n = Math.Min(4, random.Mutations()); n > 0 && chunks.Count > 0; n--)
        {
            Once(chunks, Parse(random.Pick(seeds)), random);
        }

        return Build(chunks);
    }

    /// <summary>A file of chunks with right lengths and checksums.</summary>
    public static byte[] Build(IEnumerable<(string Type, byte[] Data)> chunks)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> number = stackalloc byte[4];
        foreach ((string type, byte[] data) in chunks)
        {
            byte[] named = [.. type.Select(c => (byte)c), .. data];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(named);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
            file.Write(number);
        }

        return file.ToArray();
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var deflate = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return stream.ToArray();
    }

    private static void Once(List<(string Type, byte[] Data)> chunks, List<(string Type, byte[] Data)> other, FuzzRandom random)
    {
        int at = random.Below(chunks.Count), to = random.Below(chunks.Count);
        (string type, byte[] data) = chunks[at];
        switch (random.Below(9))
        {
            case 0:
                chunks.RemoveAt(at);
                break;
            case 1:
                chunks.Insert(to, chunks[at]);
                break;
            case 2:
                (chunks[at], chunks[to]) = (chunks[to], chunks[at]);
                break;
            case 3:
                chunks[at] = (random.Pick(s_types), data);
                break;
            case 4 when other.Count > 0:
                chunks.Insert(at, random.Pick(other));
                break;
            case 5:
                int header = chunks.FindIndex(c => c.Type == "IHDR");
                at = header >= 0 ? header : at;
                chunks[at] = (chunks[at].Type, s_bytes.Mutate(chunks[at].Data, [chunks[at].Data], random));
                break;
            case 6:
                int pixels = chunks.FindIndex(c => c.Type == "IDAT");
                if (pixels >= 0 && Inflate(chunks[pixels].Data) is { } rows)
                {
                    chunks[pixels] = ("IDAT", Deflate(s_bytes.Mutate(rows, [rows], random)));
                }

                break;
            case 7 when data.Length > 1:
                int cut = random.Below(data.Length);
                chunks[at] = (type, data[..cut]);
                chunks.Insert(at + 1, (type, data[cut..]));
                break;
            default:
                chunks[at] = (type, s_bytes.Mutate(data, [data], random));
                break;
        }
    }

    private static List<(string Type, byte[] Data)> Parse(byte[] png)
    {
        List<(string, byte[])> chunks = [];
        for (int at = SignatureLength; at + 12 <= png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((string.Concat(png[(at + 4)..(at + 8)].Select(b => (char)b)), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }

        return chunks;
    }

    private static byte[]? Inflate(byte[] data)
    {
        try
        {
            using var inflate = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
            byte[] bytes = new byte[1 << 16];
            return bytes[..inflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}

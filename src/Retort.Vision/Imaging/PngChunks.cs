using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Retort.Vision.Imaging;

/// <summary>What the decoder needs of a PNG file's chunks.</summary>
/// <param name="Header">The IHDR chunk.</param>
/// <param name="Palette">768 bytes: red, green, blue of each entry; entries beyond the file's palette are black.</param>
/// <param name="Data">The IDAT chunks as (offset, length) into the file.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8.</param>
internal sealed record PngChunks(PngHeader Header, byte[] Palette, List<(int Offset, int Length)> Data, int Orientation)
{
    /// <summary>Walks the chunks, checking the sum of each that is used.</summary>
    /// <exception cref="ImageFormatException">The file is truncated or a chunk is corrupt.</exception>
    public static PngChunks Parse(ReadOnlySpan<byte> png, string name)
    {
        PngHeader? header = null;
        byte[] palette = new byte[256 * 3];
        var data = new List<(int, int)>();
        int orientation = ExifOrientation.Upright;
        for (int at = ImageFormats.PngSignature.Length; ;)
        {
            int length = ChunkLength(png, at, name);
            ReadOnlySpan<byte> type = png.Slice(at + 4, 4), body = png.Slice(at + 8, length);
            CheckSum(png.Slice(at + 4, length + 8), name);
            if (header is null != type.SequenceEqual("IHDR"u8))
            {
                throw Corrupt(name, "the header is missing or there are two");
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return data.Count > 0 ? new PngChunks(header!.Value, palette, data, orientation) : throw Corrupt(name, "there is no picture in it");
            }

            if (type.SequenceEqual("IHDR"u8))
            {
                header = PngHeader.Parse(body) ?? throw Corrupt(name, "the header has values that PNG does not define");
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                body[..Math.Min(body.Length, palette.Length)].CopyTo(palette);
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                data.Add((at + 8, length));
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                orientation = ExifOrientation.Parse(body);
            }

            at += 12 + length;
        }
    }

    /// <summary>Refuses a header that claims more than the compressed data can hold, before any memory is taken or anything is counted by it.</summary>
    /// <exception cref="ImageFormatException">It does.</exception>
    public static void CheckClaim(PngHeader header, long compressed, string name)
    {
        const double DeflateLimit = 1032; // the format cannot expand a byte to more
        if ((double)header.RowBytes(header.Width) * header.Height > (compressed + 1) * DeflateLimit)
        {
            throw Corrupt(name, $"{compressed} bytes of data cannot hold the {header.Width}x{header.Height} pixels that the header claims");
        }
    }

    public static ImageFormatException Truncated(string name, long length) =>
        new(name, $"the PNG file is truncated (it ends after {length} bytes, in the middle)", "fetch it again");

    public static ImageFormatException Corrupt(string name, string problem, Exception? inner = null) =>
        new(name, $"the PNG file is corrupt ({problem})", "fetch it again or convert it anew", inner);

    // Bytes of the body of the chunk that begins at a place; around it are its length, type and sum, of four bytes each.
    private static int ChunkLength(ReadOnlySpan<byte> png, int at, string name)
    {
        if (at + 12 > png.Length)
        {
            throw Truncated(name, png.Length);
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
        return length <= png.Length - at - 12 ? (int)length : throw Truncated(name, png.Length);
    }

    private static void CheckSum(ReadOnlySpan<byte> typeBodyAndSum, string name)
    {
        ReadOnlySpan<byte> covered = typeBodyAndSum[..^4];
        if (Crc32.HashToUInt32(covered) != BinaryPrimitives.ReadUInt32BigEndian(typeBodyAndSum[^4..]))
        {
            throw Corrupt(name, $"the checksum of its chunk {Encoding.Latin1.GetString(covered[..4])} is wrong");
        }
    }
}

using System.Buffers.Binary;
using System.IO.Hashing;

namespace Retort.Vision.Imaging;

/// <summary>Checks on the chunks of PNG files, and the errors about them.</summary>
internal static class PngChunks
{
    /// <summary>Refuses a header that claims more than the compressed data can hold, before memory is allocated.</summary>
    /// <exception cref="ImageFormatException">It does.</exception>
    public static void CheckClaim(PngHeader header, long compressed, string name)
    {
        const double DeflateLimit = 1032; // the format cannot expand a byte to more
        if ((double)header.RowBytes(header.Width) * header.Height > (compressed + 1) * DeflateLimit)
        {
            throw Corrupt(name, $"{compressed} bytes of data cannot hold the {header.Width}x{header.Height} pixels that the header claims");
        }
    }

    /// <summary>Whether the checksum at the end of a chunk's type and content is theirs.</summary>
    public static bool IsSumRight(ReadOnlySpan<byte> typeContentAndSum) =>
        Crc32.HashToUInt32(typeContentAndSum[..^4]) == BinaryPrimitives.ReadUInt32BigEndian(typeContentAndSum[^4..]);

    public static ImageFormatException Truncated(string name, long length) =>
        new(name, $"the PNG file is truncated (it ends after {length} bytes, in the middle)", "fetch it again");

    public static ImageFormatException Corrupt(string name, string problem, Exception? inner = null) =>
        new(name, $"the PNG file is corrupt ({problem})", "fetch it again or convert it anew", inner);
}

using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>The chunks of a PNG file, found by skipping from one to the next: pixels are not read and checksums not verified.</summary>
/// <param name="Header">The IHDR chunk.</param>
/// <param name="Palette">768 bytes: red, green, blue of each entry; entries beyond the file's palette are black.</param>
/// <param name="Data">The IDAT chunks as (offset of the content, length).</param>
/// <param name="Orientation">EXIF orientation, 1 to 8.</param>
/// <param name="HasEnd">Whether the IEND chunk is there.</param>
/// <param name="Length">Bytes of the file.</param>
internal sealed record PngLayout(
    PngHeader Header, byte[] Palette, List<(long Offset, int Length)> Data, int Orientation, bool HasEnd, long Length)
{
    private const int FrameBytes = 12; // length, type and checksum of a chunk

    /// <summary>Fills a span from an offset of the file, which has that many bytes from there on.</summary>
    public delegate int ReadAt(Span<byte> into, long offset);

    /// <summary>Peculiarities of the file.</summary>
    public ImageIssues Issues =>
        (HasEnd ? ImageIssues.None : ImageIssues.MissingEnd) | (Header.BitDepth > 8 ? ImageIssues.SixteenBits : ImageIssues.None);

    /// <summary>Walks the chunks of a file that starts with PNG's signature.</summary>
    /// <exception cref="ImageFormatException">The file is truncated or is not built as PNG files are.</exception>
    public static PngLayout Read(SafeFileHandle file, string name) =>
        Read((into, at) => UserFiles.Read(file, into, at, name), RandomAccess.GetLength(file), name);

    /// <summary>Walks the chunks of a file that starts with PNG's signature.</summary>
    /// <param name="read">Reads the file.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <param name="name">The image's name in messages.</param>
    /// <exception cref="ImageFormatException">The file is truncated or is not built as PNG files are.</exception>
    public static PngLayout Read(ReadAt read, long fileLength, string name)
    {
        var layout = new PngLayout(default, new byte[256 * 3], [], ExifOrientation.Upright, false, fileLength);
        Span<byte> frame = stackalloc byte[8];
        bool first = true;
        for (long at = ImageFormats.PngSignature.Length; ;)
        {
            if (at + FrameBytes > fileLength && layout.Data.Count > 0)
            {
                return layout.WithData(name); // all chunks of pixels are whole, and only the end is missing
            }

            long behind = fileLength - at - FrameBytes;
            if (behind < 0 || read(frame, at) < frame.Length || BinaryPrimitives.ReadUInt32BigEndian(frame) > behind)
            {
                throw PngChunks.Truncated(name, fileLength);
            }

            int length = BinaryPrimitives.ReadInt32BigEndian(frame);
            if (length < 0)
            {
                throw PngChunks.Corrupt(name, "a chunk claims 2 GiB or more, which PNG does not allow");
            }

            ReadOnlySpan<byte> type = frame[4..];
            if (first != type.SequenceEqual("IHDR"u8))
            {
                throw PngChunks.Corrupt(name, "the header is missing or there are two");
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return (layout with { HasEnd = true }).WithData(name);
            }

            layout = layout.With(type, read, name, at + 8, length);
            (first, at) = (false, at + FrameBytes + length);
        }
    }

    /// <summary>Refuses a size that is absurd or beyond the limit, or that the compressed data cannot hold.</summary>
    /// <exception cref="ImageFormatException">The header claims such a size.</exception>
    public void CheckSize(string name, long maxPixels)
    {
        ImageDecoder.CheckSize(name, Header.Width, Header.Height, maxPixels);
        PngChunks.CheckClaim(Header, Data.Sum(c => (long)c.Length), name);
    }

    private PngLayout WithData(string name) => Data.Count > 0 ? this : throw PngChunks.Corrupt(name, "there are no pixels in it");

    private PngLayout With(ReadOnlySpan<byte> type, ReadAt read, string name, long offset, int length)
    {
        if (type.SequenceEqual("IDAT"u8))
        {
            Data.Add((offset, length));
            return this;
        }

        if (type.SequenceEqual("IHDR"u8))
        {
            PngHeader? header = PngHeader.Parse(Content(read, name, offset, length));
            return this with { Header = header ?? throw PngChunks.Corrupt(name, "the header has values that PNG does not define") };
        }

        if (type.SequenceEqual("PLTE"u8))
        {
            byte[] entries = Content(read, name, offset, length);
            entries.AsSpan(0, Math.Min(entries.Length, Palette.Length)).CopyTo(Palette);
        }

        return type.SequenceEqual("eXIf"u8) ? this with { Orientation = ExifOrientation.Parse(Content(read, name, offset, length)) } : this;
    }

    // Headers, palettes and EXIF data are short; what is longer than this is none of them.
    private byte[] Content(ReadAt read, string name, long offset, int length)
    {
        const int Longest = 1 << 20;
        byte[] content = new byte[Math.Min(length, Longest)];
        return read(content, offset) == content.Length ? content : throw PngChunks.Truncated(name, Length);
    }
}

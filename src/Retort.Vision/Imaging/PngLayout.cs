using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>Where things are in a PNG file on the disk, found by skipping from chunk to chunk: the picture's data are not read and no sum is checked.</summary>
/// <param name="Header">The IHDR chunk.</param>
/// <param name="Palette">768 bytes: red, green, blue of each entry; entries beyond the file's palette are black.</param>
/// <param name="Data">The IDAT chunks as (offset of the content, length).</param>
/// <param name="Orientation">EXIF orientation, 1 to 8.</param>
/// <param name="Length">Bytes of the file.</param>
internal sealed record PngLayout(PngHeader Header, byte[] Palette, List<(long Offset, int Length)> Data, int Orientation, long Length)
{
    private const int FrameBytes = 12; // length, type and sum of a chunk

    /// <summary>Goes through the chunks of a file that starts with PNG's signature.</summary>
    /// <exception cref="ImageFormatException">The file is truncated or is not built as PNG files are.</exception>
    public static PngLayout Read(SafeFileHandle file, string name)
    {
        long fileLength = RandomAccess.GetLength(file);
        var layout = new PngLayout(default, new byte[256 * 3], [], ExifOrientation.Upright, fileLength);
        Span<byte> frame = stackalloc byte[8];
        bool first = true;
        for (long at = ImageFormats.PngSignature.Length; ;)
        {
            if (at + FrameBytes > fileLength || UserFiles.Read(file, frame, at, name) < frame.Length || BinaryPrimitives.ReadUInt32BigEndian(frame) > fileLength - at - FrameBytes)
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
                PngChunks.CheckClaim(layout.Header, layout.Data.Sum(c => (long)c.Length), name);
                return layout.Data.Count > 0 ? layout : throw PngChunks.Corrupt(name, "there is no picture in it");
            }

            layout = layout.With(type, file, name, at + 8, length);
            (first, at) = (false, at + FrameBytes + length);
        }
    }

    private PngLayout With(ReadOnlySpan<byte> type, SafeFileHandle file, string name, long offset, int length)
    {
        if (type.SequenceEqual("IDAT"u8))
        {
            Data.Add((offset, length));
            return this;
        }

        if (type.SequenceEqual("IHDR"u8))
        {
            return this with { Header = PngHeader.Parse(Content(file, name, offset, length)) ?? throw PngChunks.Corrupt(name, "the header has values that PNG does not define") };
        }

        if (type.SequenceEqual("PLTE"u8))
        {
            byte[] entries = Content(file, name, offset, length);
            entries.AsSpan(0, Math.Min(entries.Length, Palette.Length)).CopyTo(Palette);
        }

        return type.SequenceEqual("eXIf"u8) ? this with { Orientation = ExifOrientation.Parse(Content(file, name, offset, length)) } : this;
    }

    // Headers, palettes and EXIF data are short; what is longer than this is none of them.
    private static byte[] Content(SafeFileHandle file, string name, long offset, int length)
    {
        const int Longest = 1 << 20;
        byte[] content = new byte[Math.Min(length, Longest)];
        return UserFiles.Read(file, content, offset, name) == content.Length ? content : throw PngChunks.Truncated(name, RandomAccess.GetLength(file));
    }
}

using Retort.Fuzzing.Mutation;
using Retort.Vision.Imaging;
using SkiaSharp;

namespace Retort.Fuzzing.Targets;

/// <summary>Image files: decoded from memory and from a file, read row by row, and only their headers.</summary>
internal static class ImageTargets
{
    // By default an image may have 2^28 pixels, 768 MiB, which a damaged header may well claim. With this limit none is above the
    // harness's own limit.
    private const long MostPixels = 1 << 22;

    // A drawing of 19 x 13 pixels, encoded by libjpeg-turbo: progressive, grey, CMYK.
    private static readonly IReadOnlyList<byte[]> s_jpegs =
    [
        .. ((string[])[
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5mo"
            + "q6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wgARCAANABMDASIAAhEB"
            + "AxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAwQA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAgME/9oADAMBAAIQAxAAAAGRXaRm12Wn/8QAGBABAQEBAQAAAAAA"
            + "AAAAAAAAAAECERL/2gAIAQEAAQUCmUy8JEjj/8QAFxEBAAMAAAAAAAAAAAAAAAAAAAIDE//aAAgBAwEBPwGFjV//xAAWEQADAAAAAAAAAAAAAAAAAAAA"
            + "ARH/2gAIAQIBAT8BTpD/xAAUEAEAAAAAAAAAAAAAAAAAAAAg/9oACAEBAAY/Al//xAAXEAEBAQEAAAAAAAAAAAAAAAAAARAR/9oACAEBAAE/IdVFFy//"
            + "2gAMAwEAAgADAAAAEDAP/8QAFhEBAQEAAAAAAAAAAAAAAAAAAAER/9oACAEDAQE/ELtP/8QAFBEBAAAAAAAAAAAAAAAAAAAAEP/aAAgBAgEBPxAX/8QA"
            + "GhAAAgIDAAAAAAAAAAAAAAAAAAEQYREhMf/aAAgBAQABPxCkpFpyZljP/9k=",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5mo"
            + "q6T/wAALCAANABMBAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAwQA/8QAGhAAAgIDAAAAAAAAAAAAAAAAAAEQYREhMf/aAAgBAQAAPwA5DxDAoJIeIYFH"
            + "/9k=",
            "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1baniZgWpxkHNbXYW1hpCeo6utq2eAvMm6pseZqKuk"
            + "/9sAQwEcHh4oIyhOKytOpG5dbqSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk/8AAFAgADQATBAERAAIRAQMR"
            + "AQQRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAMEAP/EABoQAAICAwAAAAAAAAAAAAAAAAABEGERITH/xAAWAQEBAQAAAAAAAAAAAAAAAAACAwT/xAAUEQEA"
            + "AAAAAAAAAAAAAAAAAAAQ/9oADgQBAAIRAxEEAAA/ALS7LhRMkkuywxYB5vp5JwF0XlVjEd8QsWMSv+SPLGP/2Q==",
        ]).Select(Convert.FromBase64String),
    ];

    // 2 x 2 pixels of 24 bits, rows padded to 8 bytes.
    private static readonly byte[] s_bmp =
    [
        (byte)'B', (byte)'M', 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0,
        0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        9, 9, 9, 90, 90, 90, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0,
    ];

    // One pixel of a palette of two.
    private static readonly byte[] s_gif =
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
    ];

    public static IEnumerable<FuzzTarget> All()
    {
        IReadOnlyList<byte[]> jpegs = [.. s_jpegs, JpegMutator.WithSegment(s_jpegs[1], 0xE1, [.. "Exif\0\0"u8, .. Tiff(6)]),
            Encoded(ImageEncoder.EncodeJpeg)];
        IReadOnlyList<byte[]> pngs = [.. Pngs(), Encoded(ImageEncoder.EncodePng)];
        return
        [
            Of("jpeg", new JpegMutator(), [.. jpegs.Where(j => j != s_jpegs[2])], Decode) with { RejectedSeeds = [s_jpegs[2]] },
            Of("png", new PngMutator(), pngs, Decode),
            Of("webp-bmp-gif", new ByteMutator(), [Webp(), s_bmp, s_gif], Decode),
            Of("png-rows", new PngMutator(), pngs, Rows),
            Of("image-header-jpeg", new JpegMutator(), jpegs, Header),
            Of("image-header-png", new PngMutator(), pngs, Header),
            Of("exif", new ByteMutator(), [Tiff(6), Tiff(8, bigEndian: true)], path => ExifOrientation.Parse(File.ReadAllBytes(path))),
        ];
    }

    private static FuzzTarget Of(string name, IMutator mutator, IReadOnlyList<byte[]> seeds, Action<string> read) =>
        new() { Name = name, Mutator = mutator, Seeds = seeds, File = "image", Read = folder => read(Path.Combine(folder, "image")) };

    private static void Decode(string path)
    {
        using Image image = ImageDecoder.Decode(path, MostPixels);
    }

    private static void Header(string path)
    {
        ImageHeader.ReadSize(path);
        ImageHeader.ReadIssues(path);
    }

    private static unsafe void Rows(string path)
    {
        using PngRows? rows = PngRows.Open(path);
        if (rows is null || (long)rows.Width * rows.Height > MostPixels)
        {
            return;
        }

        byte[] row = new byte[Image.Channels * rows.Width];
        fixed (byte* to = row)
        {
            for (int y = 0; y < rows.Height; y++)
            {
                rows.Next(to);
            }
        }
    }

    private static byte[] Webp()
    {
        using var bitmap = new SKBitmap(9, 7);
        bitmap.Erase(SKColors.Teal);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Webp, 80);
        return data.ToArray();
    }

    private static byte[] Encoded(Func<Image, byte[]> encode)
    {
        using var image = new Image(9, 7);
        image.Pixels.Fill(90);
        return encode(image);
    }

    private static byte[] Encoded(Func<Image, int, byte[]> encode) => Encoded(image => encode(image, 90));

    /// <summary>Every colour type and depth of PNG, with and without interlacing.</summary>
    private static IEnumerable<byte[]> Pngs()
    {
        foreach ((byte type, byte depth, int samples) in ((byte, byte, int)[])[(0, 1, 1), (0, 8, 1), (0, 16, 1), (2, 8, 3), (2, 16, 3),
            (3, 4, 1), (3, 8, 1), (4, 8, 2), (6, 16, 4)])
        {
            yield return Png(type, depth, samples, interlaced: false);
            yield return Png(type, depth, samples, interlaced: true);
        }
    }

    private static byte[] Png(byte type, byte depth, int samples, bool interlaced)
    {
        const int size = 8;
        (int Width, int Height)[] passes = interlaced ? [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)] : [(size, size)];
        byte[] rows = [.. passes.SelectMany(pass => Enumerable.Range(0, pass.Height).SelectMany(y =>
            Row(((pass.Width * depth * samples) + 7) / 8, y)))];
        return PngMutator.Build(
        [
            ("IHDR", [0, 0, 0, size, 0, 0, 0, size, depth, type, 0, 0, (byte)(interlaced ? 1 : 0)]),
            .. type == 3 ? [("PLTE", new byte[3 * 16]), ("tRNS", [0, 128])] : ((string, byte[])[])[("eXIf", Tiff(3))],
            ("IDAT", PngMutator.Deflate(rows)),
            ("IEND", []),
        ]);
    }

    // Every filter in turn; sample values stay within a palette of 16.
    private static IEnumerable<byte> Row(int bytes, int y) => Enumerable.Range(0, bytes).Select(x =>
        (byte)((x + y) & 7)).Prepend((byte)(y % 5));

    /// <summary>EXIF's only field that is read: the orientation.</summary>
    private static byte[] Tiff(byte orientation, bool bigEndian = false) => bigEndian
        ? [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        : [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
}

using System.Buffers.Binary;
using System.IO.Hashing;
using Retort.Core.Files;
using Retort.Vision.Imaging;

namespace Retort.Vision.Tests.Imaging;

public class BadImageTests
{
    [Fact]
    public void An_empty_file_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("nothing.jpg"), []);
        AssertRefused(folder.File("nothing.jpg"), "empty");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        UserFileException error = Assert.Throws<UserFileException>(() => ImageDecoder.Decode(folder.File("gone.jpg")));
        Assert.Contains("gone.jpg", error.Message, StringComparison.Ordinal);
    }

    // The file takes no room on the disk: all but its beginning is a hole.
    [Fact]
    public void A_chunk_of_two_GiB_is_refused()
    {
        using var folder = new TemporaryFolder();
        using Image image = Pictures.Scene(4, 4, 1);
        byte[] whole = ImageEncoder.EncodePng(image);
        const int HeaderEnd = 33;
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(HeaderEnd), 1u << 31);
        using (FileStream file = File.Create(folder.File("large.png")))
        {
            file.Write(whole);
            file.SetLength((1L << 31) + (1 << 20));
        }

        foreach (Action read in new Action[] { () => ImageHeader.ReadSize(folder.File("large.png")),
            () => ImageHeader.ReadIssues(folder.File("large.png")) })
        {
            Assert.Contains("the PNG file is corrupt (a chunk claims 2 GiB or more", Assert.Throws<ImageFormatException>(read).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("II*\0abcd", "TIFF")]
    [InlineData("MM\0*abcd", "TIFF")]
    [InlineData("<html>not an image</html>", "3C68746D6C3E6E6F")]
    public void Other_formats_are_told(string content, string told)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("image.jpg"), content);
        AssertRefused(folder.File("image.jpg"), told, "convert");
    }

    [Theory]
    [InlineData("GIF89a\0\0")]
    [InlineData("BM123456")]
    [InlineData("RIFF\0\0\0\0WEBPVP8 ")]
    public void A_file_that_only_begins_like_an_image_is_refused(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("image.jpg"), content);
        AssertRefused(folder.File("image.jpg"), "corrupt", "fetch it again");
        Assert.Throws<ImageFormatException>(() => ImageHeader.ReadSize(folder.File("image.jpg")));
    }

    [Theory]
    [InlineData(true, 2)] // the end mark of JPEG
    [InlineData(false, 12)] // the IEND chunk of PNG
    public void A_file_that_lacks_only_its_end_mark_is_read_with_a_warning(bool jpeg, int endBytes)
    {
        using Image image = Pictures.Scene(90, 61, 1);
        byte[] whole = jpeg ? ImageEncoder.EncodeJpeg(image) : ImageEncoder.EncodePng(image);
        using Image complete = ImageDecoder.Decode(whole, "whole");
        Assert.Equal(ImageIssues.None, complete.Issues);
        for (int missing = 1; missing <= endBytes; missing++)
        {
            using Image read = ImageDecoder.Decode(whole.AsSpan(0, whole.Length - missing), "part");
            Assert.True(read.Pixels.SequenceEqual(complete.Pixels));
            Assert.Equal(ImageIssues.MissingEnd, read.Issues);
            Assert.Contains("lacks its end mark", Assert.Single(read.Issues.Sentences()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Superfluous_bytes_before_the_end_mark_or_odd_headers_cost_no_pixels()
    {
        using Image image = Pictures.Scene(90, 61, 1);
        byte[] whole = ImageEncoder.EncodeJpeg(image);
        using Image expected = ImageDecoder.Decode(whole, "whole");
        int scan = whole.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        int scanEnd = scan + 2 + BinaryPrimitives.ReadUInt16BigEndian(whole.AsSpan(scan + 2));
        byte[] odd = [.. whole];
        odd[scanEnd - 2] = 0; // the last coefficient, which means nothing in a sequential file
        byte[][] harmless = [[.. whole[..^2], 1, 2, 3, .. whole[^2..]], [.. whole[..scan], 1, 2, 3, .. whole[scan..]], odd];
        foreach (byte[] file in harmless)
        {
            using Image read = ImageDecoder.Decode(file, "harmless");
            Assert.True(read.Pixels.SequenceEqual(expected.Pixels));
        }
    }

    [Fact]
    public void A_jpeg_whose_pixels_are_damaged_is_refused()
    {
        using Image image = Pictures.Noise(90, 61, 1);
        byte[] whole = ImageEncoder.EncodeJpeg(image);
        byte[] cutInside = [.. whole[..(whole.Length / 2)], 0xFF, 0xD9];
        byte[] marker = [.. whole];
        (marker[whole.Length / 2], marker[(whole.Length / 2) + 1]) = (0xFF, 0xD3); // a restart where none belongs
        foreach (byte[] file in new[] { cutInside, marker })
        {
            Assert.Contains("corrupt", Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(file, "damaged")).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 12)]
    public void Every_truncation_of_pixels_is_refused(bool jpeg, int endBytes)
    {
        using Image image = Pictures.Scene(90, 61, 1);
        byte[] whole = jpeg ? ImageEncoder.EncodeJpeg(image) : ImageEncoder.EncodePng(image);
        for (int length = 0; length < whole.Length - endBytes - 4; length += length < 700 ? 1 : 97)
        {
            byte[] part = whole[..length];
            ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(part, "part").Dispose());
            Assert.StartsWith("part: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_bytes_never_do_worse_than_an_error(bool jpeg)
    {
        using Image image = Pictures.Scene(64, 48, 2);
        byte[] whole = jpeg ? ImageEncoder.EncodeJpeg(image) : ImageEncoder.EncodePng(image);
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. whole];
            for (int n = random.Next(1, 6); n > 0; n--)
            {
                damaged[random.Next(2, damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                ImageDecoder.Decode(damaged, "damaged", maxPixels: 1 << 22).Dispose();
            }
            catch (ImageFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 3000);
    }

    [Fact]
    public void A_png_with_a_wrong_checksum_is_refused()
    {
        using Image image = Pictures.Scene(20, 20, 2);
        byte[] png = ImageEncoder.EncodePng(image);
        png[^20] ^= 1;
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(png, "picture"));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_png_that_claims_a_huge_size_takes_no_memory_for_it()
    {
        using Image image = Pictures.Scene(20, 20, 2);
        byte[] png = ImageEncoder.EncodePng(image);
        AssertClaim(png, 16000, 16000, "cannot hold");
        AssertClaim(png, 60000, 60000, "limit");
        AssertClaim(png, 0, 20, "0x20");
        AssertClaim(png, int.MaxValue, int.MaxValue, "limit");
    }

    [Fact]
    public void A_jpeg_that_claims_a_huge_size_takes_no_memory_for_it()
    {
        using Image image = Pictures.Scene(20, 20, 2);
        byte[] jpeg = ImageEncoder.EncodeJpeg(image);
        int frame = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 16000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 16000);
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(jpeg, "picture"));
        Assert.Contains("cannot hold the 16000x16000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_on_pixels_is_the_callers()
    {
        using Image image = Pictures.Scene(20, 20, 2);
        byte[] png = ImageEncoder.EncodePng(image);
        ImageDecoder.Decode(png, "picture", maxPixels: 400).Dispose();
        Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(png, "picture", maxPixels: 399));
    }

    private static void AssertClaim(byte[] png, int width, int height, string told)
    {
        byte[] claimed = [.. png];
        BinaryPrimitives.WriteInt32BigEndian(claimed.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(claimed.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(claimed.AsSpan(29), Crc32.HashToUInt32(claimed.AsSpan(12, 17)));
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(claimed, "picture"));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string path, params string[] told)
    {
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(path));
        Assert.All([path, .. told], text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }
}

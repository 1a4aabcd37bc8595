using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Retort.Vision.Splitting;

namespace Retort.Benchmarks;

/// <summary>A picture of 20,000 x 20,000 pixels (1.2 GB) is split into windows: it must never be in memory as a whole.</summary>
internal static class SplitBenchmark
{
    public const string Name = "image-split";

    private const int Side = 20_000;
    private const int Objects = 40;

    public static IEnumerable<BenchmarkRow> Run()
    {
        string folder = Directory.CreateTempSubdirectory("retort-bench-").FullName;
        try
        {
            Write(folder);
            PeakMemory.Reset();
            var watch = Stopwatch.StartNew();
            SplitSummary summary = DatasetSplitter.Run(
                Path.Combine(folder, "images"), Path.Combine(folder, "labelTxt"), Path.Combine(folder, "out"), new SplitOptions { SkipEmpty = true });
            string name = string.Create(CultureInfo.InvariantCulture, $"{Name}, {Side:N0} x {Side:N0} PNG, {summary.Written} windows");
            yield return new BenchmarkRow($"{name}: time", string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0.0} s"), "", "", "");
            yield return new BenchmarkRow($"{name}: peak resident memory", string.Create(CultureInfo.InvariantCulture, $"{PeakMemory.ReadMebibytes():0} MiB"), "", "", "3 GB");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "labelTxt"));
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        var random = new Random(3);
        IEnumerable<string> lines = Enumerable.Range(0, Objects).Select(_ => (X: random.Next(Side - 50), Y: random.Next(Side - 50)))
            .Select(p => $"{p.X} {p.Y} {p.X + 40} {p.Y} {p.X + 40} {p.Y + 20} {p.X} {p.Y + 20} ship 0");
        File.WriteAllLines(Path.Combine(folder, "labelTxt", "large.txt"), lines);
        using FileStream file = File.Create(Path.Combine(folder, "images", "large.png"));
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        (header[8], header[9]) = (8, 2); // 8 bits a channel, RGB
        WriteChunk(file, "IHDR", header);
        WriteRows(file, random);
        WriteChunk(file, "IEND", []);
    }

    private static void WriteRows(FileStream file, Random random)
    {
        byte[] row = new byte[1 + (3 * Side)];
        var packed = new MemoryStream();
        using var zlib = new ZLibStream(packed, CompressionLevel.NoCompression);
        for (int y = 0; y < Side; y++)
        {
            random.NextBytes(row.AsSpan(1, 300));
            zlib.Write(row);
            if (packed.Length > 1 << 20)
            {
                WriteChunk(file, "IDAT", packed.ToArray());
                packed.SetLength(0);
            }
        }

        zlib.Dispose();
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

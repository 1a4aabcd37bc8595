using System.Buffers.Binary;

namespace Retort.Fuzzing.Mutation;

/// <summary>Mutates segments and keeps their lengths right, so that what lies behind them is reached too.</summary>
public sealed class JpegMutator : IMutator
{
    private static readonly ByteMutator s_bytes = new([0xFF, 0xD8], [0xFF, 0xD9], [0xFF, 0xD0], [0xFF, 0x00], [0xFF, 0xDA], [0xFF, 0xC2],
        [0xFF, 0xE1]);

    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        if (random.Chance(40))
        {
            return s_bytes.Mutate(seed, seeds, random);
        }

        (List<(byte Marker, byte[] Data)> segments, byte[] rest) = Parse(seed);
        for (int n = Math.Min(4, random.Mutations()); n > 0 && segments.Count > 0; n--)
        {
            Once(segments, Parse(random.Pick(seeds)).Segments, random);
        }

        return Build(segments, random.Chance(20) ? s_bytes.Mutate(rest, [rest], random) : rest);
    }

    /// <summary>A file with a segment before its first one.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] data)
    {
        (List<(byte Marker, byte[] Data)> segments, byte[] rest) = Parse(jpeg);
        return Build([(marker, data), .. segments], rest);
    }

    private static void Once(List<(byte Marker, byte[] Data)> segments, List<(byte Marker, byte[] Data)> other, FuzzRandom random)
    {
        int at = random.Below(segments.Count), to = random.Below(segments.Count);
        (byte marker, byte[] data) = segments[at];
        switch (random.Below(7))
        {
            case 0:
                segments.RemoveAt(at);
                break;
            case 1:
                segments.Insert(to, segments[at]);
                break;
            case 2:
                (segments[at], segments[to]) = (segments[to], segments[at]);
                break;
            case 3:
                segments[at] = ((byte)(0xC0 + random.Below(0x40)), data);
                break;
            case 4 when other.Count > 0:
                segments.Insert(at, random.Pick(other));
                break;
            default:
                segments[at] = (marker, s_bytes.Mutate(data, [data], random));
                break;
        }
    }

    private static byte[] Build(IEnumerable<(byte Marker, byte[] Data)> segments, byte[] rest)
    {
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        Span<byte> length = stackalloc byte[2];
        foreach ((byte marker, byte[] data) in segments)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(data.Length + 2));
            file.Write([0xFF, marker, .. length, .. data]);
        }

        file.Write(rest);
        return file.ToArray();
    }

    /// <summary>The segments up to and with the first scan's header, and what follows it.</summary>
    private static (List<(byte Marker, byte[] Data)> Segments, byte[] Tail) Parse(byte[] jpeg)
    {
        List<(byte, byte[])> segments = [];
        int at = 2;
        for (bool scan = false; !scan && at + 4 <= jpeg.Length && jpeg[at] == 0xFF;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
            segments.Add((jpeg[at + 1], jpeg[(at + 4)..(at + 2 + length)]));
            scan = jpeg[at + 1] == 0xDA;
            at += 2 + length;
        }

        return (segments, jpeg[at..]);
    }
}

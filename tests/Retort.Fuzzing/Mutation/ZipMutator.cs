using System.IO.Compression;

namespace Retort.Fuzzing.Mutation;

/// <summary>Mutates an entry of a zip file, or the list of entries, and writes the file again with right checksums.</summary>
/// <param name="bytes">Mutates the file as a whole.</param>
/// <param name="content">Mutates an entry's bytes.</param>
/// <param name="level">How entries are compressed.</param>
public sealed class ZipMutator(IMutator bytes, IMutator content, CompressionLevel level) : IMutator
{
    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        if (random.Chance(25))
        {
            return bytes.Mutate(seed, seeds, random);
        }

        List<(string Name, byte[] Content)> entries = Parse(seed);
        for (int n = Math.Min(4, random.Mutations()); n > 0 && entries.Count > 0; n--)
        {
            int at = random.Below(entries.Count);
            (string name, byte[] old) = entries[at];
            switch (random.Below(12))
            {
                case 0:
                    entries.RemoveAt(at);
                    break;
                case 1:
                    entries.Add(random.Pick(entries));
                    break;
                case 2:
                    entries[at] = ((string[])["../x", "/x", "", "a/../../x", name + "/", name + "x", name.Replace("/", "//"),
                        new string('n', 300)] is var names ? random.Pick(names) : name, old);
                    break;
                default:
                    // The first entry is the description of the others, where there is one.
                    at = random.Chance(70) ? 0 : at;
                    entries[at] = (entries[at].Name, content.Mutate(entries[at].Content, [.. entries.Select(e => e.Content)], random));
                    break;
            }
        }

        return Build(level, entries);
    }

    /// <summary>A zip file of entries.</summary>
    public static byte[] Build(CompressionLevel level, IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                ZipArchiveEntry entry = zip.CreateEntry(name.Length == 0 ? "?" : name, level);

                // Equal generators give equal files: no clock.
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream to = entry.Open();
                to.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static List<(string Name, byte[] Content)> Parse(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        return
        [
            .. archive.Entries.Select(entry =>
            {
                using Stream from = entry.Open();
                byte[] content = new byte[entry.Length];
                from.ReadExactly(content);
                return (entry.FullName, content);
            }),
        ];
    }
}

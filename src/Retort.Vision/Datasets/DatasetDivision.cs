using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>
/// Divides images into those to train on and those to measure with. Who goes where is decided by a hash of the seed and the name, so that it depends neither on the order of
/// the images nor on the machine, and few change sides where images are added.
/// </summary>
/// <param name="Share">The share of the images to measure with, above 0 and below 1.</param>
/// <param name="Seed">Another seed divides otherwise.</param>
/// <param name="Together">What images have in common that must not be separated, such as frames of one film: the part of the name that this matches. Null: each image is by itself.</param>
public sealed record DatasetDivision(double Share, int Seed, Regex? Together = null)
{
    private const int FlushBytes = 1 << 16;

    /// <summary>The names to measure with; at least one, and not all.</summary>
    /// <param name="names">The names of all images.</param>
    /// <exception cref="RetortException">There are fewer than two groups, or the share is not between 0 and 1.</exception>
    public IReadOnlySet<string> Choose(IEnumerable<string> names)
    {
        if (Share is not (> 0 and < 1))
        {
            throw new RetortException(FormattableString.Invariant($"the share is {Share}; it must be above 0 and below 1"));
        }

        IGrouping<string, string>[] groups = [.. names.Distinct().GroupBy(GroupOf).OrderBy(Rank).ThenBy(group => group.Key, StringComparer.Ordinal)];
        if (groups.Length < 2)
        {
            throw new RetortException($"there is nothing to divide: {groups.Sum(g => g.Count())} images in {groups.Length} group{(groups.Length == 1 ? "" : "s")}");
        }

        double wanted = Share * groups.Sum(g => g.Count());
        HashSet<string> chosen = [.. groups[0]];
        foreach (IGrouping<string, string> group in groups[1..^1])
        {
            // Groups are whole: one is taken where that comes nearer to the share.
            if (chosen.Count + (group.Count() / 2.0) <= wanted)
            {
                chosen.UnionWith(group);
            }
        }

        return chosen;
    }

    /// <summary>Divides a file of COCO's format into two; all that it says of an image, masks too, goes where the image goes.</summary>
    /// <param name="file">The JSON file.</param>
    /// <param name="train">The file to write for training.</param>
    /// <param name="val">The file to write for measuring.</param>
    /// <returns>How many images each has.</returns>
    /// <exception cref="DatasetException">It is no such file.</exception>
    public (int Train, int Val) DivideCoco(string file, string train, string val)
    {
        using JsonDocument json = Open(file);
        (long Id, string Name)[] images = [.. json.RootElement.GetProperty("images").EnumerateArray().Select(i => (Id(i, "id"), i.GetProperty("file_name").GetString()!))];
        IReadOnlySet<string> names = Choose(images.Select(i => i.Name));
        HashSet<long> chosen = [.. images.Where(i => names.Contains(i.Name)).Select(i => i.Id)];
        Write(json.RootElement, train, id => !chosen.Contains(id));
        Write(json.RootElement, val, chosen.Contains);
        return (images.Length - chosen.Count, chosen.Count);
    }

    /// <summary>Divides names into two lists, one name a line, in their order.</summary>
    /// <param name="names">The names.</param>
    /// <param name="train">The file to write for training.</param>
    /// <param name="val">The file to write for measuring.</param>
    /// <returns>How many names each has.</returns>
    public (int Train, int Val) DivideNames(IReadOnlyList<string> names, string train, string val)
    {
        IReadOnlySet<string> chosen = Choose(names);
        foreach ((string path, bool measured) in new[] { (train, false), (val, true) })
        {
            string text = string.Concat(names.Where(name => chosen.Contains(name) == measured).Select(name => name + "\n"));
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), createFolder: true);
        }

        return (names.Count - chosen.Count, chosen.Count);
    }

    private string GroupOf(string name) => Together?.Match(name) is { Success: true } match ? match.Value : name;

    private ulong Rank(IGrouping<string, string> group) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{Seed}/{group.Key}")));

    // The reader reports every broken record with its place; what it accepts has all that is needed here.
    private static JsonDocument Open(string file)
    {
        var problems = new DatasetProblems();
        CocoFileReader.Read(file, problems);
        problems.ThrowIfErrors();
        using Stream stream = UserFiles.OpenRead(file);
        return JsonDocument.Parse(stream);
    }

    private static void Write(JsonElement whole, string path, Func<long, bool> kept) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        foreach (JsonProperty property in whole.EnumerateObject())
        {
            if (property.Name is "images" or "annotations")
            {
                WriteList(json, property, property.Name == "images" ? "id" : "image_id", kept);
            }
            else
            {
                property.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }, createFolder: true);

    private static void WriteList(Utf8JsonWriter json, JsonProperty list, string key, Func<long, bool> kept)
    {
        json.WriteStartArray(list.Name);
        foreach (JsonElement record in list.Value.EnumerateArray().Where(record => kept(Id(record, key))))
        {
            record.WriteTo(json);
            if (json.BytesPending > FlushBytes)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }

    // Some writers give ids as 12.0.
    private static long Id(JsonElement record, string key) => record.GetProperty(key) is var id && id.TryGetInt64(out long whole) ? whole : (long)id.GetDouble();
}

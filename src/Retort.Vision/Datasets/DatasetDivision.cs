using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>
/// Divides images into those to train on, those to choose the best checkpoint with and, where a share is given, those to report the result
/// on. Who goes where is decided by a hash of the seed and the name, so that it depends neither on the order of the images nor on the
/// machine, and few images change parts when images are added.
/// </summary>
/// <param name="Share">The share of the validation images, above 0 and below 1.</param>
/// <param name="Seed">Another seed divides otherwise.</param>
/// <param name="Together">What images have in common that must not be separated, such as frames of one film: the part of the name that this
/// matches. Null: each image is by itself.</param>
public sealed record DatasetDivision(double Share, int Seed, Regex? Together = null)
{
    private const int FlushBytes = 1 << 16;

    /// <summary>The share of the test images, from 0 (no test part) to below 1.</summary>
    public double TestShare { get; init; }

    /// <summary>The names to measure with, for validation; at least one, and not all.</summary>
    /// <param name="names">The names of all images.</param>
    /// <exception cref="RetortException">There are too few groups, or the shares leave nothing to train on.</exception>
    public IReadOnlySet<string> Choose(IEnumerable<string> names) => Assign([.. names])[1];

    /// <summary>The names of each part, at least one in each: train, val and, where <see cref="TestShare"/> is above 0, test.</summary>
    /// <param name="names">The names of all images.</param>
    /// <exception cref="RetortException">There are fewer groups than parts, or the shares leave nothing to train on.</exception>
    public IReadOnlyList<IReadOnlySet<string>> Assign(IReadOnlyCollection<string> names)
    {
        if (Share is not (> 0 and < 1) || TestShare is not (>= 0 and < 1) || Share + TestShare >= 1)
        {
            throw new RetortException(TestShare == 0
                ? FormattableString.Invariant($"the share is {Share}; it must be above 0 and below 1")
                : FormattableString.Invariant($"the shares are {Share} and {TestShare}; together they must be above 0 and below 1"));
        }

        List<IGrouping<string, string>> groups =
            [.. names.Distinct().GroupBy(GroupOf).OrderBy(Rank).ThenBy(group => group.Key, StringComparer.Ordinal)];
        int images = groups.Sum(g => g.Count()), parts = TestShare > 0 ? 3 : 2;
        if (groups.Count < parts)
        {
            throw new RetortException($"there is nothing to divide: {images} images in {groups.Count} "
                + $"group{(groups.Count == 1 ? "" : "s")}, and each part needs one");
        }

        HashSet<string> val = Take(groups, Share * images, left: parts - 1);
        HashSet<string>? test = TestShare > 0 ? Take(groups, TestShare * images, left: 1) : null;
        HashSet<string> train = [.. groups.SelectMany(group => group)];
        return test is null ? [train, val] : [train, val, test];
    }

    /// <summary>Divides a file of COCO's format; all that it says of an image, masks too, goes where the image goes.</summary>
    /// <param name="file">The JSON file.</param>
    /// <param name="parts">The files to write: for training, for validation and, where <see cref="TestShare"/> is above 0, for
    /// testing.</param>
    /// <returns>How many images each has.</returns>
    /// <exception cref="DatasetException">It is no such file.</exception>
    public IReadOnlyList<int> DivideCoco(string file, params IReadOnlyList<string> parts)
    {
        using JsonDocument json = Open(file);
        (long Id, string Name)[] images =
            [.. json.RootElement.GetProperty("images").EnumerateArray()
            .Select(i => (Id(i, "id"), i.GetProperty("file_name").GetString()!))];
        HashSet<long>[] assigned = [.. Assign([.. images.Select(i => i.Name)])
            .Select(names => images.Where(i => names.Contains(i.Name)).Select(i => i.Id).ToHashSet())];
        foreach ((string path, HashSet<long> ids) in parts.Zip(assigned))
        {
            Write(json.RootElement, path, ids.Contains);
        }

        return [.. assigned.Select(ids => ids.Count)];
    }

    /// <summary>Divides names into lists, one name a line, in their order.</summary>
    /// <param name="names">The names.</param>
    /// <param name="parts">The files to write: for training, for validation and, where <see cref="TestShare"/> is above 0, for
    /// testing.</param>
    /// <returns>How many names each has.</returns>
    public IReadOnlyList<int> DivideNames(IReadOnlyList<string> names, params IReadOnlyList<string> parts)
    {
        IReadOnlyList<IReadOnlySet<string>> assigned = Assign(names);
        foreach ((string path, IReadOnlySet<string> chosen) in parts.Zip(assigned))
        {
            string text = string.Concat(names.Where(chosen.Contains).Select(name => name + "\n"));
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), createFolder: true);
        }

        return [.. assigned.Select(chosen => chosen.Count)];
    }

    /// <summary>
    /// Takes the first group, and each further one that brings the number of images nearer to the one that is wanted; the last ones are
    /// left.
    /// </summary>
    private static HashSet<string> Take(List<IGrouping<string, string>> groups, double wanted, int left)
    {
        HashSet<string> chosen = [.. groups[0]];
        List<IGrouping<string, string>> rest = [];
        for (int k = 1; k < groups.Count; k++)
        {
            // Groups are whole: one is taken where that comes nearer to the share.
            bool isTaken = k < groups.Count - left && chosen.Count + (groups[k].Count() / 2.0) <= wanted;
            if (isTaken)
            {
                chosen.UnionWith(groups[k]);
            }
            else
            {
                rest.Add(groups[k]);
            }
        }

        groups.Clear();
        groups.AddRange(rest);
        return chosen;
    }

    private string GroupOf(string name) => Together?.Match(name) is { Success: true } match ? match.Value : name;

    private ulong Rank(IGrouping<string, string> group) =>
        XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{Seed}/{group.Key}")));

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
    private static long Id(JsonElement record, string key) =>
        record.GetProperty(key) is var id && id.TryGetInt64(out long whole) ? whole : (long)id.GetDouble();
}

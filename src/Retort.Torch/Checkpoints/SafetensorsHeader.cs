using System.Buffers.Binary;
using System.Text.Json;

namespace Retort.Torch.Checkpoints;

/// <summary>The JSON header of a safetensors file: read with every claim checked, and built.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The bound of the reference implementation.</summary>
    public const long LargestHeader = 100_000_000;

    private const string MetadataName = "__metadata__";
    private const string Damaged = "the file is damaged or not a safetensors file: fetch or write it again";
    private readonly CheckpointFile _file;
    private readonly long _dataStart;
    private readonly OrderedDictionary<string, StoredTensor> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];
    private readonly List<(long Begin, long End, string Name)> _ranges = [];

    private SafetensorsHeader(CheckpointFile file, long dataStart) => (_file, _dataStart) = (file, dataStart);

    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public static SafetensorsHeader Read(CheckpointFile file)
    {
        if (file.Length < 8)
        {
            throw new CheckpointException(file.Path, null, $"too short for a safetensors file ({file.Length} bytes)", Damaged);
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Read(0, 8));
        if (length > LargestHeader || length > (ulong)(file.Length - 8))
        {
            throw new CheckpointException(file.Path, "header",
                $"claims {length} bytes, the file has {file.Length} and headers end at {LargestHeader}", Damaged);
        }

        var header = new SafetensorsHeader(file, 8 + (long)length);
        header.Parse(file.Read(8, (int)length));
        header.CheckRanges();
        return header;
    }

    public static byte[] Build(
        IReadOnlyList<KeyValuePair<string, StoredTensor>> ordered,
        IReadOnlyList<KeyValuePair<string, StoredTensor>> laidOut,
        IReadOnlyDictionary<string, string>? metadata)
    {
        var offsets = new Dictionary<string, long>();
        long end = 0;
        foreach ((string name, StoredTensor tensor) in laidOut)
        {
            if (name == MetadataName || !offsets.TryAdd(name, end))
            {
                throw new ArgumentException($"a tensor cannot be called '{name}': the name is reserved or given twice");
            }

            end += tensor.ByteCount;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(HeaderObject(ordered, offsets, metadata));

        // Blanks up to a multiple of 8, so that the data is aligned in the file.
        byte[] header = new byte[(8 + json.Length + 7) / 8 * 8];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)header.Length - 8);
        json.CopyTo(header, 8);
        return header;
    }

    private static OrderedDictionary<string, object> HeaderObject(
        IReadOnlyList<KeyValuePair<string, StoredTensor>> ordered, Dictionary<string, long> offsets,
            IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new OrderedDictionary<string, object>();
        if (metadata is { Count: > 0 })
        {
            header[MetadataName] = metadata;
        }

        foreach ((string name, StoredTensor tensor) in ordered)
        {
            header[name] = new OrderedDictionary<string, object>
            {
                ["dtype"] = NameOf(tensor.Type),
                ["shape"] = tensor.Shape,
                ["data_offsets"] = new[] { offsets[name], offsets[name] + tensor.ByteCount },
            };
        }

        return header;
    }

    private void Parse(byte[] json)
    {
        try
        {
            using JsonDocument document =
                JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            foreach (JsonProperty entry in document.RootElement.EnumerateObject())
            {
                if (entry.Name == MetadataName)
                {
                    ReadMetadata(entry.Value);
                }
                else
                {
                    ReadTensor(entry);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(_file.Path, "header", $"not the JSON of a safetensors header ({e.Message})", Damaged, e);
        }
    }

    private void ReadMetadata(JsonElement metadata)
    {
        foreach (JsonProperty pair in metadata.EnumerateObject())
        {
            _metadata[pair.Name] = pair.Value.ValueKind == JsonValueKind.String
                ? pair.Value.GetString()!
                : throw new CheckpointException(_file.Path, MetadataName,
                    $"'{pair.Name}' is {pair.Value.ValueKind}, only strings are allowed", "write the value as JSON text");
        }
    }

    private void ReadTensor(JsonProperty entry)
    {
        try
        {
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            (long begin, long end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            if (offsets.GetArrayLength() != 2 || begin < 0 || end < begin || end > _file.Length - _dataStart)
            {
                throw new ArgumentException($"data_offsets {offsets} do not lie within the {_file.Length - _dataStart} bytes of data");
            }

            ScalarType type = TypeOf(entry.Value.GetProperty("dtype").GetString());
            _tensors.Add(entry.Name, new StoredTensor(type, shape, new FileRegion(_file, _dataStart + begin, end - begin), 0, end - begin));
            _ranges.Add((begin, end, entry.Name));
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or InvalidOperationException or FormatException
            or IndexOutOfRangeException)
        {
            throw new CheckpointException(_file.Path, $"tensor '{entry.Name}'", $"bad header: {e.Message}", Damaged, e);
        }
    }

    /// <summary>The format demands that the tensors fill the data without holes and without overlaps.</summary>
    private void CheckRanges()
    {
        _ranges.Sort();
        long expected = 0;
        foreach ((long begin, long end, string name) in _ranges)
        {
            if (begin != expected)
            {
                throw new CheckpointException(_file.Path, $"tensor '{name}'",
                    $"begins at byte {begin} of the data where {expected} was due: an overlap or a hole", Damaged);
            }

            expected = end;
        }

        if (expected != _file.Length - _dataStart)
        {
            throw new CheckpointException(_file.Path, null,
                $"the tensors end at byte {expected} of the data, which has {_file.Length - _dataStart}", Damaged);
        }
    }

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.UInt8 => "U8",
        ScalarType.Int8 => "I8",
        ScalarType.Int16 => "I16",
        ScalarType.Int32 => "I32",
        ScalarType.Int64 => "I64",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Float32 => "F32",
        ScalarType.Float64 => "F64",
        ScalarType.Bool => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown scalar type"),
    };

    private static ScalarType TypeOf(string? name)
    {
        foreach (ScalarType type in Enum.GetValues<ScalarType>())
        {
            if (NameOf(type) == name)
            {
                return type;
            }
        }

        throw new ArgumentException($"dtype '{name}' is not one of {string.Join(", ", Enum.GetValues<ScalarType>().Select(NameOf))}");
    }
}

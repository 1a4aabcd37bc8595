using System.Buffers.Binary;
using System.Text.Json;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// A safetensors file: an 8-byte little-endian header length, a JSON header and raw data.
/// </summary>
public sealed class SafetensorsFile
{
    private SafetensorsFile(IReadOnlyDictionary<string, StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Tensors, Metadata) = (tensors, metadata);

    /// <summary>The tensors by name, in the order of the header.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The string pairs of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a whole file into memory.</summary>
    /// <exception cref="InvalidDataException">The file is truncated or its header is not consistent with its data.</exception>
    public static SafetensorsFile Read(string path)
    {
        byte[] all = File.ReadAllBytes(path);
        if (all.Length < 8)
        {
            throw new InvalidDataException($"{path}: too short for a safetensors file ({all.Length} bytes)");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(all);
        if (headerLength > (ulong)(all.Length - 8))
        {
            throw new InvalidDataException($"{path}: the header claims {headerLength} bytes but the file has {all.Length}; it is truncated or not a safetensors file");
        }

        int dataStart = 8 + (int)headerLength;
        var tensors = new Dictionary<string, StoredTensor>();
        var metadata = new Dictionary<string, string>();
        using JsonDocument header = ParseHeader(path, all.AsMemory(8, (int)headerLength));
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (JsonProperty pair in entry.Value.EnumerateObject())
                {
                    metadata[pair.Name] = pair.Value.GetString() ?? "";
                }
            }
            else
            {
                tensors[entry.Name] = ReadTensor(path, entry, all.AsMemory(dataStart));
            }
        }

        return new SafetensorsFile(tensors, metadata);
    }

    private static JsonDocument ParseHeader(string path, ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: the safetensors header is not JSON: {e.Message}", e);
        }
    }

    private static StoredTensor ReadTensor(string path, JsonProperty entry, ReadOnlyMemory<byte> data)
    {
        try
        {
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            (int begin, int end) = (checked((int)offsets[0].GetInt64()), checked((int)offsets[1].GetInt64()));
            return new StoredTensor(ParseType(entry.Value.GetProperty("dtype").GetString()!), shape, data[begin..end]);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: tensor '{entry.Name}' has a bad header: {e.Message}", e);
        }
    }

    private static ScalarType ParseType(string name) => name switch
    {
        "U8" => ScalarType.UInt8,
        "I8" => ScalarType.Int8,
        "I16" => ScalarType.Int16,
        "I32" => ScalarType.Int32,
        "I64" => ScalarType.Int64,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "F32" => ScalarType.Float32,
        "F64" => ScalarType.Float64,
        "BOOL" => ScalarType.Bool,
        _ => throw new ArgumentException($"unknown dtype '{name}'"),
    };
}

using System.Buffers.Binary;

namespace Retort.Fuzzing.Mutation;

/// <summary>Mutates the JSON header as text and writes its length again, so that the header is read as a whole.</summary>
public sealed class SafetensorsMutator : IMutator
{
    private static readonly ByteMutator s_bytes = new();
    private static readonly TextMutator s_header = new(
        "dtype", "shape", "data_offsets", "__metadata__", "\"F32\"", "\"F16\"", "\"BF16\"", "\"F64\"", "\"I8\"", "\"BOOL\"",
            "\"F8_E4M3\"", "[0,0]", "[]", "{}", ",\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}");

    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> seeds, FuzzRandom random)
    {
        if (random.Chance(30))
        {
            return s_bytes.Mutate(seed, seeds, random);
        }

        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(seed);
        byte[] header = s_header.Mutate(seed[8..(8 + length)],
            [.. seeds.Select(s => s[8..(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(s))])], random);
        byte[] size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, header.Length);
        return [.. size, .. header, .. seed[(8 + length)..]];
    }
}

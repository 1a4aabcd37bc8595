namespace Retort.Torch.Checkpoints.Pickle;

/// <summary>The names that PyTorch's pickles have for element types.</summary>
internal static class TorchTypes
{
    private static readonly (ScalarType Type, string Storage, string Dtype)[] s_names =
    [
        (ScalarType.UInt8, "ByteStorage", "uint8"),
        (ScalarType.Int8, "CharStorage", "int8"),
        (ScalarType.Int16, "ShortStorage", "int16"),
        (ScalarType.Int32, "IntStorage", "int32"),
        (ScalarType.Int64, "LongStorage", "int64"),
        (ScalarType.Float16, "HalfStorage", "float16"),
        (ScalarType.Float32, "FloatStorage", "float32"),
        (ScalarType.Float64, "DoubleStorage", "float64"),
        (ScalarType.Bool, "BoolStorage", "bool"),
        (ScalarType.BFloat16, "BFloat16Storage", "bfloat16"),
    ];

    /// <summary>The storage class, without its module <c>torch</c>.</summary>
    public static string StorageName(ScalarType type) => s_names.First(n => n.Type == type).Storage;

    /// <summary>
    /// The element type of a qualified storage class such as <c>torch.FloatStorage</c> or <c>torch.cuda.FloatStorage</c>; null when
    /// unknown.
    /// </summary>
    public static ScalarType? OfStorage(string global) => Find(n => global == "torch." + n.Storage || global == "torch.cuda." + n.Storage);

    /// <summary>The element type of a qualified dtype such as <c>torch.float32</c>; null when unknown.</summary>
    public static ScalarType? OfDtype(string global) => Find(n => global == "torch." + n.Dtype);

    /// <summary>Whether a qualified storage class holds bytes without a type.</summary>
    public static bool IsUntyped(string global) =>
        global is "torch.UntypedStorage" or "torch.storage.UntypedStorage" or "torch.storage._UntypedStorage";

    private static ScalarType? Find(Predicate<(ScalarType Type, string Storage, string Dtype)> match)
    {
        int index = Array.FindIndex(s_names, match);
        return index < 0 ? null : s_names[index].Type;
    }
}

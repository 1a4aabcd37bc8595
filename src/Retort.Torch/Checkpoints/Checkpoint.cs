using Retort.Core;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// A checkpoint file of any format, opened for reading. Tensors are read from the file when their bytes are asked for, until it is
/// disposed; nothing in the file is executed.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly IDisposable _file;
    private readonly CheckpointOptions _options;
    private StateDict? _stateDict;

    private Checkpoint(string path, CheckpointFormat format, CheckpointDictionary root, IDisposable file, CheckpointOptions options) =>
        (Path, Format, Root, _file, _options) = (path, format, root, file, options);

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The format, told by the content.</summary>
    public CheckpointFormat Format { get; }

    /// <summary>Everything in the file. Of safetensors: the tensors by name.</summary>
    public CheckpointDictionary Root { get; }

    /// <summary>
    /// What describes the file: the root's <c>meta</c>, or the string pairs of safetensors; empty when there is none.
    /// </summary>
    public CheckpointDictionary Meta { get; private init; } = [];

    /// <summary>Keys from the root to the state dict, separated by <c>/</c>; empty when it is the root itself.</summary>
    /// <exception cref="CheckpointException">No state dict is found.</exception>
    public string StateDictPlace => StateDictFinder.Find(Path, Root, _options).Place;

    /// <summary>
    /// The network's tensors. They are looked for, in this order, under <c>state_dict</c>, <c>model_state_dict</c>, <c>model</c>,
    /// <c>net</c>, <c>ema_state_dict</c>, <c>state_dict_ema</c>, <c>model_ema</c>, <c>ema</c> (in each also one level deeper, under
    /// <c>module</c> or one of these), then in the root itself, then at the only other place that holds weights;
    /// <see cref="CheckpointOptions"/> can name the place. Prefixes are removed.
    /// </summary>
    /// <exception cref="CheckpointException">No state dict is found, or names collide once prefixes are removed.</exception>
    public StateDict StateDict => _stateDict ??= StateDictFinder.Read(Path, Root, _options);

    /// <summary>Opens a file; the format is told by its content, never by its name.</summary>
    /// <exception cref="CheckpointException">The file is damaged, hostile or of no known format.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static Checkpoint Open(string path, CheckpointOptions? options = null) =>
        Open(path, options ?? new CheckpointOptions(), CheckpointLimits.Default);

    /// <summary>The value under keys from the root, such as <c>Get&lt;CheckpointInteger&gt;("meta", "epoch")</c>.</summary>
    /// <exception cref="CheckpointException">There is none, or it is of another type.</exception>
    public T Get<T>(params ReadOnlySpan<CheckpointValue> keys) where T : CheckpointValue
    {
        CheckpointValue at = Root;
        string place = "";
        foreach (CheckpointValue key in keys)
        {
            place += (place.Length == 0 ? "" : "/") + key;
            at = at is CheckpointDictionary dictionary && dictionary.TryGetValue(key, out CheckpointValue? next)
                ? next
                : throw new CheckpointException(Path, place, "is not in the checkpoint", "was it written by this program?");
        }

        return at as T ?? throw Refusal(Path, place, at);
    }

    /// <summary>Closes the file. Tensors whose bytes were read stay usable.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>The state dict's dictionary and place, or null when there is none.</summary>
    internal (CheckpointDictionary Dictionary, string Place)? FindStateDict() => StateDictFinder.TryFind(Path, Root, _options);

    internal static Checkpoint Open(string path, CheckpointOptions options, CheckpointLimits limits)
    {
        var file = new CheckpointFile(path);
        try
        {
            CheckpointFormat format = CheckpointSniffer.Sniff(file);
            if (format == CheckpointFormat.Safetensors)
            {
                return OfSafetensors(file, options);
            }

            CheckpointValue tree = format == CheckpointFormat.TorchZip ? TorchZipReader.Read(file, limits)
                : TorchLegacyReader.Read(file, limits);
            CheckpointDictionary root = tree as CheckpointDictionary ?? throw Refusal(path, "root", tree);
            return new Checkpoint(path, format, root, file, options) { Meta = root.Find<CheckpointDictionary>("meta") ?? [] };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Why a value is not what was asked for.</summary>
    internal static CheckpointException Refusal(string path, string place, CheckpointValue value) => value is InertObject inert
        ? new CheckpointException(path, place, $"refused: the pickle {(inert.WasCalled ? "calls" : "names")} {inert.Global} (at offset "
            + $"{inert.Offset}), which is never executed",
            "if you trust the file, load it in Python and save its tensors alone: torch.save(model.state_dict(), path)")
        : new CheckpointException(path, place, $"is not of the expected type ({value})");

    private static Checkpoint OfSafetensors(CheckpointFile file, CheckpointOptions options)
    {
        SafetensorsHeader header = SafetensorsHeader.Read(file);
        CheckpointDictionary root = new StateDict(header.Tensors).ToValue();
        var meta = new CheckpointDictionary();
        foreach ((string key, string value) in header.Metadata)
        {
            meta[key] = value;
        }

        return new Checkpoint(file.Path, CheckpointFormat.Safetensors, root, file, options) { Meta = meta };
    }
}

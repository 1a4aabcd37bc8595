using Retort.Core;
using Retort.Core.Files;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// A safetensors file: an 8-byte little-endian header length, a JSON header and raw data.
/// The format: https://github.com/huggingface/safetensors#format.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly CheckpointFile _file;

    private SafetensorsFile(CheckpointFile file, SafetensorsHeader header) =>
        (_file, Tensors, Metadata) = (file, header.Tensors, header.Metadata);

    /// <summary>The tensors by name, in the order of the header.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The string pairs of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// Opens a file and checks its header; tensors are read from it when their bytes are asked for, until it is disposed.
    /// </summary>
    /// <exception cref="CheckpointException">The file is truncated or its header is not consistent with its data.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new CheckpointFile(path);
        try
        {
            return new SafetensorsFile(file, SafetensorsHeader.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole file into memory. Every tensor must be below 2 GB; <see cref="Open"/> has no such limit.</summary>
    /// <exception cref="CheckpointException">The file is truncated or its header is not consistent with its data.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static SafetensorsFile Read(string path)
    {
        using SafetensorsFile opened = Open(path);
        foreach (StoredTensor tensor in opened.Tensors.Values)
        {
            _ = tensor.Bytes;
        }

        return opened;
    }

    /// <summary>
    /// Writes tensors in the given order, whole or not at all (see <see cref="AtomicFile"/>). Data is laid out by descending
    /// element size, so that every tensor is aligned; the header keeps the order given.
    /// </summary>
    /// <exception cref="ArgumentException">A tensor is called <c>__metadata__</c>, or a name is given twice.</exception>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, StoredTensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        KeyValuePair<string, StoredTensor>[] ordered = [.. tensors];
        KeyValuePair<string, StoredTensor>[] laidOut = [.. ordered.OrderByDescending(t => t.Value.Type.ElementSize())];
        byte[] header = SafetensorsHeader.Build(ordered, laidOut, metadata);
        AtomicFile.Write(path, file =>
        {
            file.Write(header);
            foreach ((_, StoredTensor tensor) in laidOut)
            {
                tensor.CopyTo(file);
            }
        });
    }

    /// <summary>Closes the file. Tensors whose bytes were read stay usable.</summary>
    public void Dispose() => _file.Dispose();
}

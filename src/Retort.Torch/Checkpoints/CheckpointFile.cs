using Microsoft.Win32.SafeHandles;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Torch.Checkpoints;

/// <summary>An open file, read at any offset by any thread. A rename over its path does not disturb it.</summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public CheckpointFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CheckpointException(path, null, "is a folder", "name the checkpoint file in it");
        }

        if (!File.Exists(path))
        {
            throw new RetortException(
                $"{path}: there is no such file; check the path (in the folder of a run the checkpoints are last.ckpt and best.ckpt)");
        }

        Path = path;
        _handle = UserFiles.OpenHandle(path, FileOptions.RandomAccess);
        Length = RandomAccess.GetLength(_handle);
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = UserFiles.Read(_handle, destination, offset, Path);
            if (read == 0)
            {
                throw new CheckpointException(Path, $"offset {offset}", "the file ends here although more was announced",
                    "it is truncated: fetch or write it again");
            }

            offset += read;
            destination = destination[read..];
        }
    }

    public byte[] Read(long offset, int count)
    {
        byte[] bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    public void Dispose() => _handle.Dispose();
}

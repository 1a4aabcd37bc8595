using System.IO.MemoryMappedFiles;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>The bytes of a file, mapped instead of copied: annotation files reach half a gigabyte.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;
    private readonly int _length;

    /// <summary>Maps <paramref name="path"/> for reading.</summary>
    /// <exception cref="DatasetException">The file is larger than 2 GiB.</exception>
    public MappedFile(string path)
    {
        long length = UserFiles.Length(path);
        if (length > int.MaxValue)
        {
            throw new DatasetException(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.BrokenFile, path, "", $"the file has {length} bytes, more than 2 GiB",
                    "Split it, or leave the masks out."));
        }

        _length = (int)length;
        if (_length == 0)
        {
            return;
        }

        _map = UserFiles.Guard(path, FileUse.ReadFile, () => MemoryMappedFile.CreateFromFile(
            path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read));
        _view = _map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>The bytes, valid until disposal.</summary>
    public ReadOnlySpan<byte> Content => new(_start, _length);

    /// <inheritdoc/>
    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
    }
}

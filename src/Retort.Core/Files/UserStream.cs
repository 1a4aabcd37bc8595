namespace Retort.Core.Files;

/// <summary>A file's stream whose errors become a <see cref="UserFileException"/>; see <see cref="UserFiles"/>.</summary>
/// <param name="file">The open file.</param>
/// <param name="path">What messages call it.</param>
/// <param name="use">Whether it is read or written.</param>
internal sealed class UserStream(FileStream file, string path, FileUse use) : Stream
{
    public override bool CanRead => file.CanRead;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => file.CanWrite;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return file.Read(buffer);
        }
        catch (Exception e) when (UserFiles.IsOfSystem(e, path))
        {
            throw UserFiles.Failure(path, use, e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception e) when (IsOfWriting(e))
        {
            throw UserFiles.Failure(path, use, e);
        }
    }

    public override void Flush() => Flush(toDisk: false);

    /// <summary>Writes what is buffered.</summary>
    /// <param name="toDisk">Waits until the disk has it.</param>
    public void Flush(bool toDisk)
    {
        try
        {
            file.Flush(toDisk);
        }
        catch (Exception e) when (IsOfWriting(e))
        {
            throw UserFiles.Failure(path, use, e);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void SetLength(long value) => file.SetLength(value);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                file.Dispose();
            }
            catch (Exception e) when (IsOfWriting(e))
            {
                throw UserFiles.Failure(path, use, e);
            }
        }

        base.Dispose(disposing);
    }

    // No argument is passed on that could be out of range: the system's EFBIG is meant.
    private bool IsOfWriting(Exception e) => e is ArgumentOutOfRangeException || UserFiles.IsOfSystem(e, path);
}

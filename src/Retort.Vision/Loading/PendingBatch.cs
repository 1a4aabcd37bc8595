using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Vision.Loading;

/// <summary>
/// A batch that workers are filling. Its fields are guarded by the prefetcher's lock; slots are written by one worker each.
/// </summary>
internal sealed unsafe class PendingBatch : IDisposable
{
    private NativeBuffer? _buffer;

    public PendingBatch(int number, BatchItem[] items)
    {
        (Number, Items, Remaining) = (number, items, items.Length);
        (Failures, Issues) = (new Exception?[items.Length], new ImageIssues[items.Length]);
        Canvas = new ImageSize(items.Max(i => i.Geometry.Padded.Width), items.Max(i => i.Geometry.Padded.Height));
        _buffer = NativeBufferPool.Shared.Rent(items.Length * SlotFloats * sizeof(float));
    }

    public int Number { get; }

    public BatchItem[] Items { get; }

    /// <summary>Size of each slot.</summary>
    public ImageSize Canvas { get; }

    /// <summary>Slots that are not finished.</summary>
    public int Remaining { get; set; }

    /// <summary>Why a slot could not be filled; null for the others.</summary>
    public Exception?[] Failures { get; }

    /// <summary>What the decoder found remarkable about the image of each slot.</summary>
    public ImageIssues[] Issues { get; }

    private long SlotFloats => 3L * Canvas.Width * Canvas.Height;

    public Span<float> Slot(int n) => new((float*)_buffer!.Pointer + (n * SlotFloats), checked((int)SlotFloats));

    /// <summary>Hands the memory over to a batch of the slots that were filled; null when there is none.</summary>
    public ImageBatch? Finish()
    {
        int filled = 0;
        for (int n = 0; n < Items.Length; n++)
        {
            if (Failures[n] is null)
            {
                if (filled != n)
                {
                    Slot(n).CopyTo(Slot(filled));
                    Items[filled] = Items[n];
                }

                filled++;
            }
        }

        if (filled == 0)
        {
            return null;
        }

        var batch = new ImageBatch(Number, Canvas.Height, Canvas.Width, Items[..filled], _buffer!);
        _buffer = null;
        return batch;
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            NativeBufferPool.Shared.Return(buffer);
        }
    }
}

using System.Collections.Concurrent;
using System.Numerics;

namespace Retort.Vision.Imaging;

/// <summary>
/// Keeps unmanaged blocks for reuse, so that a training run neither asks the operating system for megabytes per image nor
/// grows. Sizes are rounded up to eight classes an octave, which wastes at most an eighth.
/// </summary>
internal sealed class NativeBufferPool(long retainedLimit)
{
    private readonly ConcurrentDictionary<long, ConcurrentBag<NativeBuffer>> _free = new();
    private long _retained;

    /// <summary>The pool that images and batches share.</summary>
    public static NativeBufferPool Shared { get; } = new(retainedLimit: 512L << 20);

    /// <summary>Bytes that wait for reuse.</summary>
    public long Retained => Interlocked.Read(ref _retained);

    /// <summary>A block of at least <paramref name="bytes"/> plus <see cref="NativeBuffer.Slack"/>; its content is arbitrary.</summary>
    public NativeBuffer Rent(long bytes)
    {
        long capacity = RoundUp(bytes + NativeBuffer.Slack);
        if (_free.TryGetValue(capacity, out ConcurrentBag<NativeBuffer>? bag) && bag.TryTake(out NativeBuffer? buffer))
        {
            Interlocked.Add(ref _retained, -capacity);
            return buffer;
        }

        return new NativeBuffer(capacity);
    }

    /// <summary>Takes a block back; beyond the limit it is freed.</summary>
    public void Return(NativeBuffer buffer)
    {
        if (Interlocked.Add(ref _retained, buffer.Capacity) > retainedLimit)
        {
            Interlocked.Add(ref _retained, -buffer.Capacity);
            buffer.Dispose();
            return;
        }

        _free.GetOrAdd(buffer.Capacity, _ => []).Add(buffer);
    }

    private static long RoundUp(long bytes)
    {
        long step = Math.Max(4096, (long)BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + step - 1) / step * step;
    }
}

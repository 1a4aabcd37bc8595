namespace Retort.Torch.Checkpoints;

/// <summary>Sizes, strides and offset (all in elements) of a tensor within a storage.</summary>
internal readonly record struct StridedLayout(long[] Shape, long[] Strides, long Offset)
{
    /// <summary>Views larger than their storage (stride 0) are legal; this bounds what they may grow to, in bytes.</summary>
    private const long LargestExpansion = 64L << 20;

    /// <summary>Product of the sizes.</summary>
    /// <exception cref="ArgumentException">A size is negative or the product passes 2^63.</exception>
    public static long CountOf(ReadOnlySpan<long> shape)
    {
        // A zero makes the tensor empty, however absurd the other sizes are; it must not hide a negative one.
        UInt128 count = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            if (size < 0)
            {
                throw new ArgumentException($"the shape [{string.Join(", ", shape.ToArray())}] has a negative size");
            }

            empty |= size == 0;
            count *= (UInt128)Math.Max(size, 1);
            if (count > long.MaxValue)
            {
                throw new ArgumentException($"the shape [{string.Join(", ", shape.ToArray())}] has more than 2^63 elements");
            }
        }

        return empty ? 0 : (long)count;
    }

    /// <summary>The strides of a tensor that lies row-major without gaps.</summary>
    public static long[] RowMajor(long[] shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    /// <summary>Checks that every element lies in a storage of <paramref name="storageCount"/> elements.</summary>
    /// <exception cref="ArgumentException">It does not, or the layout is not one that PyTorch makes.</exception>
    public void Check(long storageCount, int elementSize)
    {
        if (Shape.Length != Strides.Length)
        {
            throw new ArgumentException($"{Shape.Length} sizes but {Strides.Length} strides");
        }

        long count = CountOf(Shape);
        Int128 last = Offset;
        for (int i = 0; i < Shape.Length; i++)
        {
            if (Strides[i] < 0)
            {
                throw new ArgumentException($"the stride {Strides[i]} is negative");
            }

            last += (Int128)Math.Max(Shape[i] - 1, 0) * Strides[i];
        }

        if (Offset < 0 || (count > 0 && last >= storageCount))
        {
            throw new ArgumentException($"the tensor reaches to element {last} of a storage of {storageCount}");
        }

        if (count > storageCount && (Int128)count * elementSize > LargestExpansion)
        {
            throw new ArgumentException($"the shape [{string.Join(", ", Shape)}] repeats a storage of only {storageCount} elements");
        }
    }

    /// <summary>Whether the elements lie row-major without gaps.</summary>
    public bool IsContiguous()
    {
        long expected = 1;
        for (int i = Shape.Length - 1; i >= 0; i--)
        {
            if (Shape[i] != 1 && Strides[i] != expected)
            {
                return CountOf(Shape) <= 1;
            }

            expected *= Math.Max(Shape[i], 1);
        }

        return true;
    }

    /// <summary>Copies the elements row-major. <paramref name="storage"/> begins with element <see cref="Offset"/>.</summary>
    public void Gather(ReadOnlySpan<byte> storage, Span<byte> destination, int elementSize)
    {
        long[] index = new long[Shape.Length];
        long at = 0;
        for (int written = 0; written < destination.Length; written += elementSize)
        {
            storage.Slice(checked((int)(at * elementSize)), elementSize).CopyTo(destination[written..]);
            for (int d = Shape.Length - 1; d >= 0; d--)
            {
                at += Strides[d];
                if (++index[d] < Shape[d])
                {
                    break;
                }

                at -= Strides[d] * Shape[d];
                index[d] = 0;
            }
        }
    }

    /// <summary>Elements from the first to the last one that the layout touches; 0 for an empty tensor.</summary>
    public long Extent()
    {
        long extent = 1;
        for (int i = 0; i < Shape.Length; i++)
        {
            if (Shape[i] == 0)
            {
                return 0;
            }

            extent += (Shape[i] - 1) * Strides[i];
        }

        return extent;
    }
}

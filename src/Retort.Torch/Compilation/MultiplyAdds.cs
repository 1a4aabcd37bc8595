namespace Retort.Torch.Compilation;

/// <summary>Counts the multiply-adds of a network: those of its convolutions, deformable ones too, which are nearly all.</summary>
public static class MultiplyAdds
{
    private static readonly string[] s_convolutions = ["aten::conv2d", "retort::winograd_conv2d", "retort::deform_conv2d"];

    /// <summary>Runs a network and counts, for one image of the batch.</summary>
    /// <param name="images">What it is run on, [N, C, H, W].</param>
    /// <param name="forward">The network.</param>
    public static long PerImage(Tensor images, Action<Tensor> forward)
    {
        using var recorder = new OperatorRecorder(images);
        forward(images);
        return recorder.Calls.Sum(call => Of(call, recorder.Values));
    }

    private static long Of(RecordedCall call, List<RecordedValue> values)
    {
        long[] Shape(int value) => values[value].Shape;
        if (s_convolutions.Contains(call.Operator.Name))
        {
            // Every output is a sum over the weight's other dimensions.
            return Product(Shape(call.Results[0]).AsSpan(1)) * Product(Shape(call.Arguments[1].Value).AsSpan(1));
        }

        // Deformable convolutions on a GPU are composed around a matrix product.
        return call.Operator.Name == "aten::matmul" ? Product(Shape(call.Results[0]).AsSpan(1)) * Shape(call.Arguments[0].Value)[^1] : 0;
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product *= size;
        }

        return product;
    }
}

namespace Retort.Torch;

/// <summary>
/// Deformable convolution (Dai et al. 2017): every tap samples the input where an offset says, bilinearly, zero outside. The modulated form
/// (Zhu et al. 2019, "version 2") also multiplies every sample.
/// </summary>
/// <remarks>
/// On the processor it is one operator of the bridge; elsewhere it is composed of libtorch's, which runs on any device. A coordinate of
/// exactly -1, on the border, has no gradient, as in the field's detection toolboxes.
/// </remarks>
public static class DeformableConvolution
{
    private static readonly TorchOperator s_fused = new("retort::deform_conv2d");

    /// <summary>Applies the convolution; [N, Cout, Ho, Wo]. Once differentiable in every tensor.</summary>
    /// <param name="input">Float [N, C, H, W].</param>
    /// <param name="weight">Float [Cout, C/groups, kh, kw].</param>
    /// <param name="offset">Pixels, float [N, offsetGroups * kh*kw * 2, Ho, Wo]: for each offset group and tap first y, then x.</param>
    /// <param name="modulation">Factors, float [N, offsetGroups * kh*kw, Ho, Wo], or null for one.</param>
    /// <param name="stride">Pixels, at least 1.</param>
    /// <param name="padding">Pixels, at least 0.</param>
    /// <param name="dilation">Pixels, at least 1.</param>
    /// <param name="groups">Groups of the weight; they divide C and Cout.</param>
    /// <param name="offsetGroups">Groups of channels with offsets of their own; they divide C.</param>
    /// <exception cref="TorchException">The shapes do not fit each other.</exception>
    public static Tensor Apply(
        Tensor input, Tensor weight, Tensor offset, Tensor? modulation = null, int stride = 1, int padding = 0, int dilation =
            1, int groups = 1, int offsetGroups = 1) =>
        input.Device.Type == DeviceType.Cpu && input.Type is ScalarType.Float32 or ScalarType.Float64
            ? s_fused.Call(input, weight, offset, modulation, stride, padding, dilation, groups, offsetGroups)
            : Compose(input, weight, offset, modulation, stride, padding, dilation, groups, offsetGroups);

    /// <summary>The same of libtorch's operators, for any device and element type; differentiable any number of times.</summary>
    public static Tensor Compose(
        Tensor input, Tensor weight, Tensor offset, Tensor? modulation = null, int stride = 1, int padding = 0, int dilation =
            1, int groups = 1, int offsetGroups = 1)
    {
        using var scope = new TensorScope();
        (long images, long channels, long height, long width) = (input.Size(0), input.Size(1), input.Size(2), input.Size(3));
        (long outputs, long kernelY, long kernelX) = (weight.Size(0), weight.Size(2), weight.Size(3));
        (long outHeight, long outWidth, long taps) = (offset.Size(2), offset.Size(3), kernelY * kernelX);
        Tensor shifts = offset.Reshape(images, offsetGroups, taps, 2, outHeight, outWidth);
        Tensor y = shifts.Select(3, 0) + Grid(outHeight, kernelY, stride, padding, dilation, input).Reshape(1, 1, kernelY, 1, outHeight, 1)
            .Expand(1, 1, kernelY, kernelX, outHeight, 1).Reshape(1, 1, taps, outHeight, 1);
        Tensor x = shifts.Select(3, 1) + Grid(outWidth, kernelX, stride, padding, dilation, input).Reshape(1, 1, 1, kernelX, 1, outWidth)
            .Expand(1, 1, kernelY, kernelX, 1, outWidth).Reshape(1, 1, taps, 1, outWidth);
        Tensor maps = input.Reshape(images, offsetGroups, channels / offsetGroups, height * width);
        long points = taps * outHeight * outWidth;
        Tensor samples = Sample(maps, y.Reshape(images, offsetGroups, 1, points), x.Reshape(images, offsetGroups, 1, points), height,
            width);
        samples = modulation is null ? samples : samples * modulation.Reshape(images, offsetGroups, 1, points);
        Tensor columns = samples.Reshape(images, groups, channels / groups * taps, outHeight * outWidth);
        return scope.Keep(weight.Reshape(1, groups, outputs / groups, channels / groups * taps).MatMul(columns)
            .Reshape(images, outputs, outHeight, outWidth));
    }

    // The coordinates of every tap without offsets, [taps along one axis, outputs along it].
    private static Tensor Grid(long count, long taps, int stride, int padding, int dilation, Tensor like)
    {
        float[] at = [.. Enumerable.Range(0, (int)(taps * count)).Select(
            k => (float)((k % count * stride) - padding + (k / count * dilation)))];
        return Tensor.From(at, taps, count).To(like.Type).To(like.Device);
    }

    // Maps [N, G, C, H*W] at coordinates [N, G, 1, P]; [N, G, C, P].
    private static Tensor Sample(Tensor maps, Tensor y, Tensor x, long height, long width)
    {
        Tensor inside = (y.Gt(-1) & x.Gt(-1) & y.Lt(height) & x.Lt(width)).To(maps.Type);
        (Tensor top, Tensor left) = (y.Detach().Floor(), x.Detach().Floor());
        (Tensor shareY, Tensor shareX) = (y - top, x - left);
        Tensor? sum = null;
        for (int corner = 0; corner < 4; corner++)
        {
            (Tensor row, Tensor column) = (top + (corner / 2), left + (corner % 2));
            Tensor weight = (corner / 2 == 0 ? 1 - shareY : shareY) * (corner % 2 == 0 ? 1 - shareX : shareX) * inside;
            weight *= (row.Ge(0) & row.Lt(height) & column.Ge(0) & column.Lt(width)).To(maps.Type);
            Tensor pixel = ((row.Clamp(0, height - 1) * width) + column.Clamp(0, width - 1)).To(ScalarType.Int64);
            Tensor term = maps.Gather(3, pixel.Expand(maps.Size(0), maps.Size(1), maps.Size(2), pixel.Size(3))) * weight;
            sum = sum is null ? term : sum + term;
        }

        return sum!;
    }
}

namespace Retort.Torch;

/// <summary>Layers as pure functions of tensors, named as in PyTorch's functional interface.</summary>
public static class Functional
{
    private static readonly TorchOperator s_conv2d = new("aten::conv2d");
    private static readonly TorchOperator s_batchNorm = new("aten::batch_norm");
    private static readonly TorchOperator s_groupNorm = new("aten::group_norm");
    private static readonly TorchOperator s_maxPool = new("aten::max_pool2d");
    private static readonly TorchOperator s_avgPool = new("aten::avg_pool2d");
    private static readonly TorchOperator s_upsampleNearest = new("aten::upsample_nearest2d");
    private static readonly TorchOperator s_bce = new("aten::binary_cross_entropy_with_logits");

    /// <summary>
    /// Convolution of [N, Cin, H, W] with [Cout, Cin/groups, kh, kw]; bias [Cout] or null. Training on the processor uses
    /// <see cref="WinogradConvolution"/> where it is faster.
    /// </summary>
    public static Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias, int stride = 1, int padding = 0, int dilation = 1,
        int groups = 1) =>
        WinogradConvolution.Suits(input, weight, stride, padding, dilation, groups)
            ? WinogradConvolution.Apply(input, weight, bias)
            : s_conv2d.Call(input, weight, bias, new long[] { stride, stride }, new long[] { padding, padding },
                new long[] { dilation, dilation }, groups);

    /// <summary>
    /// Batch normalisation of [N, C, H, W]. In training the batch's statistics are used and the running ones updated in place.
    /// </summary>
    public static Tensor BatchNorm(
        Tensor input, Tensor? weight, Tensor? bias, Tensor runningMean, Tensor runningVariance, bool training, double momentum,
        double epsilon) =>
        s_batchNorm.Call(input, weight, bias, runningMean, runningVariance, training, momentum, epsilon, true);

    /// <summary>Group normalisation of [N, C, H, W].</summary>
    public static Tensor GroupNorm(Tensor input, int groups, Tensor? weight, Tensor? bias, double epsilon) =>
        s_groupNorm.Call(input, groups, weight, bias, epsilon, true);

    /// <summary>Maximum over windows of [N, C, H, W].</summary>
    public static Tensor MaxPool2d(Tensor input, int kernel, int stride, int padding = 0, bool ceilMode = false) =>
        s_maxPool.Call(input, new long[] { kernel, kernel }, new long[] { stride, stride }, new long[] { padding, padding },
            new long[] { 1, 1 }, ceilMode);

    /// <summary>Mean over windows of [N, C, H, W].</summary>
    public static Tensor AvgPool2d(
        Tensor input, int kernel, int stride, int padding = 0, bool ceilMode = false, bool countPadding = true) =>
        s_avgPool.Call(input, new long[] { kernel, kernel }, new long[] { stride, stride }, new long[] { padding, padding }, ceilMode,
            countPadding, Argument.None);

    /// <summary>Nearest-neighbour resize of [N, C, H, W] to a height and width.</summary>
    public static Tensor UpsampleNearest(Tensor input, long height, long width) =>
        s_upsampleNearest.Call(input, new[] { height, width }, Argument.None, Argument.None);

    /// <summary>Binary cross-entropy of logits against probabilities, element by element.</summary>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, Tensor targets) =>
        s_bce.Call(logits, targets, Argument.None, Argument.None, 0);
}

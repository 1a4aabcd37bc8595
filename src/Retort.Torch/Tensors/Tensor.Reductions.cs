namespace Retort.Torch;

public sealed partial class Tensor
{
    private static readonly TorchOperator s_sum = new("aten::sum");
    private static readonly TorchOperator s_sumDims = new("aten::sum", "dim_IntList");
    private static readonly TorchOperator s_mean = new("aten::mean");
    private static readonly TorchOperator s_meanDims = new("aten::mean", "dim");
    private static readonly TorchOperator s_amax = new("aten::amax");
    private static readonly TorchOperator s_maxDim = new("aten::max", "dim");
    private static readonly TorchOperator s_minDim = new("aten::min", "dim");
    private static readonly TorchOperator s_max = new("aten::max");
    private static readonly TorchOperator s_min = new("aten::min");
    private static readonly TorchOperator s_norm = new("aten::linalg_vector_norm");
    private static readonly TorchOperator s_all = new("aten::all");
    private static readonly TorchOperator s_any = new("aten::any");

    /// <summary>Sum of all elements, [].</summary>
    public Tensor Sum() => s_sum.Call(this, Argument.None);

    /// <summary>Sum over some dimensions.</summary>
    public Tensor Sum(long[] dims, bool keepDim = false) => s_sumDims.Call(this, dims, keepDim, Argument.None);

    /// <summary>Mean of all elements, [].</summary>
    public Tensor Mean() => s_mean.Call(this, Argument.None);

    /// <summary>Mean over some dimensions.</summary>
    public Tensor Mean(long[] dims, bool keepDim = false) => s_meanDims.Call(this, dims, keepDim, Argument.None);

    /// <summary>Largest elements over some dimensions.</summary>
    public Tensor Amax(long[] dims, bool keepDim = false) => s_amax.Call(this, dims, keepDim);

    /// <summary>Largest elements along one dimension, and where they are (int64).</summary>
    public (Tensor Values, Tensor Indices) Max(long dim, bool keepDim = false) => Pair(s_maxDim.CallMany(this, dim, keepDim));

    /// <summary>Smallest elements along one dimension, and where they are (int64).</summary>
    public (Tensor Values, Tensor Indices) Min(long dim, bool keepDim = false) => Pair(s_minDim.CallMany(this, dim, keepDim));

    /// <summary>Largest element, [].</summary>
    public Tensor Max() => s_max.Call(this);

    /// <summary>Smallest element, [].</summary>
    public Tensor Min() => s_min.Call(this);

    /// <summary>Euclidean norm of all elements, [].</summary>
    public Tensor Norm() => s_norm.Call(this, 2.0, Argument.None, false, Argument.None);

    /// <summary>Euclidean norm along one dimension; its gradient at zero is zero.</summary>
    public Tensor Norm(long dim, bool keepDim = false) => s_norm.Call(this, 2.0, new[] { dim }, keepDim, Argument.None);

    /// <summary>Whether all elements hold, bool [].</summary>
    public Tensor All() => s_all.Call(this);

    /// <summary>Whether any element holds, bool [].</summary>
    public Tensor Any() => s_any.Call(this);

    private static (Tensor Values, Tensor Indices) Pair(Tensor[] results) => (results[0], results[1]);
}

namespace Retort.Torch;

public sealed partial class Tensor
{
    private static readonly TorchOperator s_reshape = new("aten::reshape");
    private static readonly TorchOperator s_permute = new("aten::permute");
    private static readonly TorchOperator s_transpose = new("aten::transpose", "int");
    private static readonly TorchOperator s_expand = new("aten::expand");
    private static readonly TorchOperator s_unsqueeze = new("aten::unsqueeze");
    private static readonly TorchOperator s_squeeze = new("aten::squeeze", "dim");
    private static readonly TorchOperator s_flatten = new("aten::flatten", "using_ints");
    private static readonly TorchOperator s_narrow = new("aten::narrow");
    private static readonly TorchOperator s_select = new("aten::select", "int");
    private static readonly TorchOperator s_cat = new("aten::cat");
    private static readonly TorchOperator s_stack = new("aten::stack");
    private static readonly TorchOperator s_split = new("aten::split_with_sizes");
    private static readonly TorchOperator s_unbind = new("aten::unbind", "int");
    private static readonly TorchOperator s_flip = new("aten::flip");
    private static readonly TorchOperator s_indexSelect = new("aten::index_select");
    private static readonly TorchOperator s_gather = new("aten::gather");
    private static readonly TorchOperator s_index = new("aten::index", "Tensor");
    private static readonly TorchOperator s_nonzero = new("aten::nonzero");
    private static readonly TorchOperator s_topk = new("aten::topk");
    private static readonly TorchOperator s_sort = new("aten::sort", "stable");
    private static readonly TorchOperator s_oneHot = new("aten::one_hot");

    /// <summary>Another shape, the same elements in row-major order; one size may be -1.</summary>
    public Tensor Reshape(params long[] shape) => s_reshape.Call(this, shape);

    /// <summary>Dimensions in another order (a view).</summary>
    public Tensor Permute(params long[] dims) => s_permute.Call(this, dims);

    /// <summary>Two dimensions exchanged (a view).</summary>
    public Tensor Transpose(long a, long b) => s_transpose.Call(this, a, b);

    /// <summary>Dimensions of size one repeated (a view); -1 leaves a size.</summary>
    public Tensor Expand(params long[] shape) => s_expand.Call(this, shape, false);

    /// <summary>A dimension of size one inserted.</summary>
    public Tensor Unsqueeze(long dim) => s_unsqueeze.Call(this, dim);

    /// <summary>A dimension of size one removed.</summary>
    public Tensor Squeeze(long dim) => s_squeeze.Call(this, dim);

    /// <summary>Dimensions start to end (inclusive) merged.</summary>
    public Tensor Flatten(long start = 0, long end = -1) => s_flatten.Call(this, start, end);

    /// <summary>A stretch of one dimension (a view).</summary>
    public Tensor Narrow(long dim, long start, long length) => s_narrow.Call(this, dim, start, length);

    /// <summary>One index of a dimension, which disappears (a view).</summary>
    public Tensor Select(long dim, long index) => s_select.Call(this, dim, index);

    /// <summary>Joins tensors along a dimension.</summary>
    public static Tensor Cat(Tensor[] tensors, long dim = 0) => s_cat.Call(tensors, dim);

    /// <summary>Joins tensors along a new dimension.</summary>
    public static Tensor Stack(Tensor[] tensors, long dim = 0) => s_stack.Call(tensors, dim);

    /// <summary>Cuts a dimension into stretches of the given sizes (views).</summary>
    public Tensor[] Split(long[] sizes, long dim = 0) => s_split.CallMany(this, sizes, dim);

    /// <summary>The slices of a dimension (views).</summary>
    public Tensor[] Unbind(long dim = 0) => s_unbind.CallMany(this, dim);

    /// <summary>Dimensions reversed.</summary>
    public Tensor Flip(params long[] dims) => s_flip.Call(this, dims);

    /// <summary>Rows of a dimension by index, int64 [n].</summary>
    public Tensor IndexSelect(long dim, Tensor index) => s_indexSelect.Call(this, dim, index);

    /// <summary>Elements along a dimension by index, int64 of the result's shape.</summary>
    public Tensor Gather(long dim, Tensor index) => s_gather.Call(this, dim, index, false);

    /// <summary>Advanced indexing: one index tensor (int64, or bool mask) for each leading dimension, null for a whole dimension.</summary>
    public Tensor Index(params Tensor?[] indices) => s_index.Call(this, indices);

    /// <summary>Positions of the elements that are not zero, int64 [n, dims]. Waits for the device.</summary>
    public Tensor Nonzero() => s_nonzero.Call(this);

    /// <summary>The k largest (or smallest) along a dimension, sorted, with their indices.</summary>
    public (Tensor Values, Tensor Indices) TopK(long k, long dim = -1, bool largest = true) =>
        Pair(s_topk.CallMany(this, k, dim, largest, true));

    /// <summary>Stable sort along a dimension, with indices.</summary>
    public (Tensor Values, Tensor Indices) Sort(long dim = -1, bool descending = false) =>
        Pair(s_sort.CallMany(this, true, dim, descending));

    /// <summary>int64 [...] to int64 [..., classes].</summary>
    public Tensor OneHot(long classes) => s_oneHot.Call(this, classes);
}

namespace Retort.Torch;

public sealed partial class Tensor
{
    private static readonly TorchOperator s_exp = new("aten::exp");
    private static readonly TorchOperator s_log = new("aten::log");
    private static readonly TorchOperator s_log1p = new("aten::log1p");
    private static readonly TorchOperator s_sqrt = new("aten::sqrt");
    private static readonly TorchOperator s_square = new("aten::square");
    private static readonly TorchOperator s_abs = new("aten::abs");
    private static readonly TorchOperator s_sigmoid = new("aten::sigmoid");
    private static readonly TorchOperator s_relu = new("aten::relu");
    private static readonly TorchOperator s_floor = new("aten::floor");
    private static readonly TorchOperator s_atan = new("aten::atan");
    private static readonly TorchOperator s_sin = new("aten::sin");
    private static readonly TorchOperator s_cos = new("aten::cos");
    private static readonly TorchOperator s_logSigmoid = new("aten::log_sigmoid");
    private static readonly TorchOperator s_softplus = new("aten::softplus");
    private static readonly TorchOperator s_isFinite = new("aten::isfinite");
    private static readonly TorchOperator s_reciprocal = new("aten::reciprocal");
    private static readonly TorchOperator s_pow = new("aten::pow", "Tensor_Scalar");
    private static readonly TorchOperator s_clamp = new("aten::clamp");
    private static readonly TorchOperator s_maximum = new("aten::maximum");
    private static readonly TorchOperator s_minimum = new("aten::minimum");
    private static readonly TorchOperator s_where = new("aten::where", "self");
    private static readonly TorchOperator s_logicalAnd = new("aten::logical_and");
    private static readonly TorchOperator s_logicalOr = new("aten::logical_or");
    private static readonly TorchOperator s_softmax = new("aten::softmax", "int");
    private static readonly TorchOperator s_logSoftmax = new("aten::log_softmax", "int");
    private static readonly TorchOperator s_matmul = new("aten::matmul");
    private static readonly TorchOperator s_addIn = new("aten::add_", "Tensor");
    private static readonly TorchOperator s_addInScalar = new("aten::add_", "Scalar");
    private static readonly TorchOperator s_mulIn = new("aten::mul_", "Tensor");
    private static readonly TorchOperator s_mulInScalar = new("aten::mul_", "Scalar");
    private static readonly TorchOperator s_reluIn = new("aten::relu_");
    private static readonly TorchOperator s_normalIn = new("aten::normal_");
    private static readonly TorchOperator s_uniformIn = new("aten::uniform_");

    /// <summary>e to the power of each element.</summary>
    public Tensor Exp() => s_exp.Call(this);

    /// <summary>Natural logarithm.</summary>
    public Tensor Log() => s_log.Call(this);

    /// <summary>log(1 + x), exact near zero.</summary>
    public Tensor Log1p() => s_log1p.Call(this);

    /// <summary>Square root.</summary>
    public Tensor Sqrt() => s_sqrt.Call(this);

    /// <summary>Square.</summary>
    public Tensor Square() => s_square.Call(this);

    /// <summary>Absolute value.</summary>
    public Tensor Abs() => s_abs.Call(this);

    /// <summary>1 / (1 + exp(-x)).</summary>
    public Tensor Sigmoid() => s_sigmoid.Call(this);

    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => s_relu.Call(this);

    /// <summary>Largest whole number not above.</summary>
    public Tensor Floor() => s_floor.Call(this);

    /// <summary>Arc tangent, radians.</summary>
    public Tensor Atan() => s_atan.Call(this);

    /// <summary>Sine of radians.</summary>
    public Tensor Sin() => s_sin.Call(this);

    /// <summary>Cosine of radians.</summary>
    public Tensor Cos() => s_cos.Call(this);

    /// <summary>log(1 / (1 + exp(-x))).</summary>
    public Tensor LogSigmoid() => s_logSigmoid.Call(this);

    /// <summary>log(1 + exp(x)).</summary>
    public Tensor Softplus() => s_softplus.Call(this);

    /// <summary>1 where neither infinite nor NaN, as bool.</summary>
    public Tensor IsFinite() => s_isFinite.Call(this);

    /// <summary>1 / x.</summary>
    public Tensor Reciprocal() => s_reciprocal.Call(this);

    /// <summary>Each element to a power.</summary>
    public Tensor Pow(double exponent) => s_pow.Call(this, exponent);

    /// <summary>Limits the elements from below and above; NaN passes.</summary>
    public Tensor Clamp(double? min = null, double? max = null) =>
        s_clamp.Call(this, min is { } low ? Number(low) : Argument.None, max is { } high ? Number(high) : Argument.None);

    /// <summary>Element-wise maximum; broadcasts.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => s_maximum.Call(a, b);

    /// <summary>Element-wise minimum; broadcasts.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => s_minimum.Call(a, b);

    /// <summary>Where the condition (bool) holds the first, elsewhere the second; broadcasts.</summary>
    public static Tensor Where(Tensor condition, Tensor ifTrue, Tensor ifFalse) => s_where.Call(condition, ifTrue, ifFalse);

    /// <summary>Both, as bool.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => s_logicalAnd.Call(a, b);

    /// <summary>Either, as bool.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => s_logicalOr.Call(a, b);

    /// <summary>Softmax along one dimension.</summary>
    public Tensor Softmax(long dim) => s_softmax.Call(this, dim, Argument.None);

    /// <summary>Logarithm of the softmax along one dimension.</summary>
    public Tensor LogSoftmax(long dim) => s_logSoftmax.Call(this, dim, Argument.None);

    /// <summary>Matrix product, batched over leading dimensions.</summary>
    public Tensor MatMul(Tensor other) => s_matmul.Call(this, other);

    /// <summary>Adds a multiple of another tensor in place.</summary>
    public Tensor AddInPlace(Tensor other, double factor = 1)
    {
        s_addIn.CallInPlace(this, other, factor);
        return this;
    }

    /// <summary>Adds a number in place.</summary>
    public Tensor AddInPlace(long other)
    {
        s_addInScalar.CallInPlace(this, other);
        return this;
    }

    /// <summary>Multiplies in place.</summary>
    public Tensor MulInPlace(Tensor other)
    {
        s_mulIn.CallInPlace(this, other);
        return this;
    }

    /// <summary>Multiplies by a number in place.</summary>
    public Tensor MulInPlace(double other)
    {
        s_mulInScalar.CallInPlace(this, other);
        return this;
    }

    /// <summary>max(x, 0) in place.</summary>
    public Tensor ReluInPlace()
    {
        s_reluIn.CallInPlace(this);
        return this;
    }

    /// <summary>Fills with normal values from the generator of the device.</summary>
    public Tensor NormalInPlace(double mean, double deviation)
    {
        s_normalIn.CallInPlace(this, mean, deviation, Argument.None);
        return this;
    }

    /// <summary>Fills with uniform values from the generator of the device.</summary>
    public Tensor UniformInPlace(double from, double to)
    {
        s_uniformIn.CallInPlace(this, from, to, Argument.None);
        return this;
    }
}

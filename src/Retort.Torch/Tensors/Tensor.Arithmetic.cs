namespace Retort.Torch;

public sealed partial class Tensor
{
    private static readonly TorchOperator s_add = new("aten::add", "Tensor");
    private static readonly TorchOperator s_addScalar = new("aten::add", "Scalar");
    private static readonly TorchOperator s_sub = new("aten::sub", "Tensor");
    private static readonly TorchOperator s_subScalar = new("aten::sub", "Scalar");
    private static readonly TorchOperator s_mul = new("aten::mul", "Tensor");
    private static readonly TorchOperator s_mulScalar = new("aten::mul", "Scalar");
    private static readonly TorchOperator s_div = new("aten::div", "Tensor");
    private static readonly TorchOperator s_divScalar = new("aten::div", "Scalar");
    private static readonly TorchOperator s_gt = new("aten::gt", "Tensor");
    private static readonly TorchOperator s_gtScalar = new("aten::gt", "Scalar");
    private static readonly TorchOperator s_ge = new("aten::ge", "Tensor");
    private static readonly TorchOperator s_geScalar = new("aten::ge", "Scalar");
    private static readonly TorchOperator s_lt = new("aten::lt", "Tensor");
    private static readonly TorchOperator s_ltScalar = new("aten::lt", "Scalar");
    private static readonly TorchOperator s_rsub = new("aten::rsub", "Scalar");
    private static readonly TorchOperator s_neg = new("aten::neg");

    /// <summary>Sum; broadcasts.</summary>
    public Tensor Add(Tensor other) => s_add.Call(this, other);

    /// <summary>Sum, with a number.</summary>
    public Tensor Add(double other) => s_addScalar.Call(this, Number(other));

    /// <summary>Difference; broadcasts.</summary>
    public Tensor Sub(Tensor other) => s_sub.Call(this, other);

    /// <summary>Difference, with a number.</summary>
    public Tensor Sub(double other) => s_subScalar.Call(this, Number(other));

    /// <summary>Product; broadcasts.</summary>
    public Tensor Mul(Tensor other) => s_mul.Call(this, other);

    /// <summary>Product, with a number.</summary>
    public Tensor Mul(double other) => s_mulScalar.Call(this, Number(other));

    /// <summary>Quotient; broadcasts.</summary>
    public Tensor Div(Tensor other) => s_div.Call(this, other);

    /// <summary>Quotient, with a number.</summary>
    public Tensor Div(double other) => s_divScalar.Call(this, Number(other));

    /// <summary>1 where greater, as bool; broadcasts.</summary>
    public Tensor Gt(Tensor other) => s_gt.Call(this, other);

    /// <summary>1 where greater, as bool, with a number.</summary>
    public Tensor Gt(double other) => s_gtScalar.Call(this, Number(other));

    /// <summary>1 where greater or equal, as bool; broadcasts.</summary>
    public Tensor Ge(Tensor other) => s_ge.Call(this, other);

    /// <summary>1 where greater or equal, as bool, with a number.</summary>
    public Tensor Ge(double other) => s_geScalar.Call(this, Number(other));

    /// <summary>1 where less, as bool; broadcasts.</summary>
    public Tensor Lt(Tensor other) => s_lt.Call(this, other);

    /// <summary>1 where less, as bool, with a number.</summary>
    public Tensor Lt(double other) => s_ltScalar.Call(this, Number(other));

    /// <summary>Sum.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => a.Add(b);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor a, double b) => a.Add(b);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(double a, Tensor b) => b.Add(a);

    /// <summary>Difference.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => a.Sub(b);

    /// <summary>Difference with a number.</summary>
    public static Tensor operator -(Tensor a, double b) => a.Sub(b);

    /// <summary>A number less a tensor.</summary>
    public static Tensor operator -(double a, Tensor b) => s_rsub.Call(b, Number(a));

    /// <summary>Negation.</summary>
    public static Tensor operator -(Tensor a) => a.Neg();

    /// <summary>Product.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => a.Mul(b);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor a, double b) => a.Mul(b);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(double a, Tensor b) => b.Mul(a);

    /// <summary>Quotient.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => a.Div(b);

    /// <summary>Quotient with a number.</summary>
    public static Tensor operator /(Tensor a, double b) => a.Div(b);

    // Whole numbers go as integers, so that integer tensors keep their type.
    private static Argument Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? (Argument)(long)value : value;

    /// <summary>Negation.</summary>
    public Tensor Neg() => s_neg.Call(this);
}

namespace Retort.Torch.Modules;

/// <summary>Initial values of parameters, from the seeded generator (<see cref="Runtime.Seed"/>).</summary>
public static class Initialization
{
    /// <summary>Normal with deviation sqrt(2 / fan out), for layers before a ReLU (He et al. 2015).</summary>
    public static void KaimingNormal(Tensor weight)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        long fanOut = weight.Size(0) * (weight.Count / weight.Size(0) / weight.Size(1));
        weight.Detach().NormalInPlace(0, Math.Sqrt(2.0 / fanOut));
    }

    /// <summary>Uniform in plus/minus sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010).</summary>
    public static void XavierUniform(Tensor weight)
    {
        using var scope = new TensorScope();
        long window = weight.Count / weight.Size(0) / weight.Size(1);
        double bound = Math.Sqrt(6.0 / ((weight.Size(0) + weight.Size(1)) * window));
        weight.Detach().UniformInPlace(-bound, bound);
    }

    /// <summary>Normal values.</summary>
    public static void Normal(Tensor tensor, double mean, double deviation)
    {
        using var scope = new TensorScope();
        tensor.Detach().NormalInPlace(mean, deviation);
    }

    /// <summary>One value everywhere.</summary>
    public static void Constant(Tensor tensor, double value)
    {
        using var scope = new TensorScope();
        tensor.Detach().Fill(value);
    }
}

using System.Text;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Testing;

/// <summary>
/// Values that any language reproduces bit by bit from a name and an index, by integer arithmetic: the weights and inputs of the
/// golden network files (section 8 of their README).
/// </summary>
public static class DeterministicValues
{
    /// <summary>r(name, 0..count-1), each in [-1, 1).</summary>
    public static double[] Raw(string name, long count)
    {
        uint hash = Hash(name);
        double[] values = new double[count];
        for (long i = 0; i < count; i++)
        {
            uint x = hash + (uint)(i * 0x9E3779B9);
            x = (x ^ (x >> 16)) * 0x85EBCA6B;
            x = (x ^ (x >> 13)) * 0xC2B2AE35;
            x ^= x >> 16;
            values[i] = (x / 4294967296.0 * 2) - 1;
        }

        return values;
    }

    /// <summary>An image batch of 1.5 * r(name, i), NCHW.</summary>
    public static Tensor Image(string name, params long[] shape) => Scaled(name, shape, 0, 1.5);

    /// <summary>Overwrites a network's parameters and buffers by their names, each with a prefix in front.</summary>
    public static void Fill(Module network, string prefix = "")
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        foreach ((string name, Tensor tensor) in network.NamedState())
        {
            if (Values(prefix + name, tensor.Shape) is { } values)
            {
                tensor.Detach().CopyFrom(values);
            }
        }
    }

    private static Tensor? Values(string name, long[] shape)
    {
        if (name.EndsWith("num_batches_tracked") || name.EndsWith(".project"))
        {
            return null;
        }

        if (name.EndsWith("running_var"))
        {
            double[] raw = Raw(name, shape.Aggregate(1L, (a, b) => a * b));
            return TestTensor.From(Array.ConvertAll(raw, r => (float)(1 + (0.1 * Math.Abs(r)))), shape);
        }

        if (name.EndsWith("running_mean"))
        {
            return Scaled(name, shape, 0, 0.1);
        }

        if (name.EndsWith("_cls.bias"))
        {
            return Scaled(name, shape, -2, 0.1);
        }

        if (shape.Length >= 2)
        {
            double fanIn = shape.Skip(1).Aggregate(1L, (a, b) => a * b);
            return Scaled(name, shape, 0, Math.Sqrt(3 / fanIn));
        }

        bool gain = name.EndsWith(".scale") || name.EndsWith(".weight");
        return Scaled(name, shape, gain ? 1 : 0, 0.1);
    }

    private static Tensor Scaled(string name, long[] shape, double offset, double factor)
    {
        double[] raw = Raw(name, shape.Aggregate(1L, (a, b) => a * b));
        return TestTensor.From(Array.ConvertAll(raw, r => (float)(offset + (factor * r))), shape);
    }

    private static uint Hash(string name)
    {
        uint hash = 0x811C9DC5;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 0x01000193;
        }

        return hash;
    }
}

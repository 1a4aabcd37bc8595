namespace Retort.Torch.Modules;

/// <summary>Group normalisation. Parameters weight, bias [C].</summary>
public sealed class GroupNorm : Layer
{
    /// <summary>Makes the layer: weight one, bias zero.</summary>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5)
    {
        (Groups, Epsilon) = (groups, epsilon);
        Weight = RegisterParameter("weight", Tensor.Ones([channels]));
        Bias = RegisterParameter("bias", Tensor.Zeros([channels]));
    }

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>Gain, [C].</summary>
    public Tensor Weight { get; }

    /// <summary>Offset, [C].</summary>
    public Tensor Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => Functional.GroupNorm(input, Groups, Weight, Bias, Epsilon);
}

using Retort.Torch.Native;

namespace Retort.Torch.Compilation;

/// <summary>One step that the engine runs, before it is turned into an <see cref="EngineNode"/>.</summary>
internal sealed class GraphNode
{
    public required EngineKind Kind { get; init; }

    public int Input { get; init; } = -1;

    public int Other { get; set; } = -1;

    public bool Relu { get; set; }

    /// <summary>Weight of a convolution, gain of a normalisation.</summary>
    public Tensor? Weight { get; init; }

    public Tensor? Bias { get; init; }

    /// <summary>weight, bias, mean, variance and epsilon of a batch normalisation that is folded into the convolution.</summary>
    public (Tensor? Weight, Tensor? Bias, Tensor Mean, Tensor Variance, double Epsilon)? BatchNorm { get; set; }

    public int Kernel { get; init; }

    public int Stride { get; init; } = 1;

    public int Padding { get; init; }

    public int Dilation { get; init; } = 1;

    public int Groups { get; init; } = 1;

    public int Height { get; init; }

    public int Width { get; init; }

    public float Factor { get; init; } = 1;

    public double Epsilon { get; init; }

    /// <summary>Whether a sum may still be put into the step: it makes a new map and nothing follows it yet.</summary>
    public bool TakesSum => Kind is EngineKind.Convolution or EngineKind.Resize && Other < 0 && !Relu;

    /// <summary>Whether a ReLU may still be put into the step.</summary>
    public bool TakesRelu => Kind is EngineKind.Convolution or EngineKind.Resize or EngineKind.Affine or EngineKind.GroupNorm && !Relu;
}

using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>The parts that dense heads are made of, with the initial values that they share.</summary>
public static class HeadParts
{
    /// <summary>Deviation of fresh weights.</summary>
    public const double WeightDeviation = 0.01;

    /// <summary>Probability that a fresh classifier gives to every class (Lin et al. 2017, focal loss).</summary>
    public const double PriorProbability = 0.01;

    /// <summary>A tower: 3x3 convolutions with normalisation and ReLU, named 0, 1, ... Weights are normal(0, 0.01).</summary>
    /// <param name="inChannels">Channels of the neck's maps.</param>
    /// <param name="channels">Channels of the tower.</param>
    /// <param name="depth">Number of convolutions.</param>
    /// <param name="norm">Normalisation; without one the convolutions have biases.</param>
    /// <param name="groups">Groups of group normalisation; 0 for 32, or as many as fit.</param>
    public static Sequential Tower(
        int inChannels, int channels, int depth, NormalizationKind norm = NormalizationKind.Group, int groups = 0)
    {
        var units = new ConvolutionUnit[depth];
        for (int k = 0; k < depth; k++)
        {
            units[k] = new ConvolutionUnit(k == 0 ? inChannels : channels, channels, 3, 1, norm, groups, relu: true);
            Initialization.Normal(units[k].Convolution.Weight, 0, WeightDeviation);
        }

        return new Sequential(units);
    }

    /// <summary>A 3x3 convolution to predictions: weights normal(0, 0.01), bias zero.</summary>
    public static Conv2d Prediction(int channels, int outputs)
    {
        var layer = new Conv2d(channels, outputs, 3, 1, 1);
        Initialization.Normal(layer.Weight, 0, WeightDeviation);
        return layer;
    }

    /// <summary>As <see cref="Prediction"/>, with the bias at the logit of <see cref="PriorProbability"/>.</summary>
    public static Conv2d Classifier(int channels, int outputs)
    {
        Conv2d layer = Prediction(channels, outputs);
        Initialization.Constant(layer.Bias!, -Math.Log((1 - PriorProbability) / PriorProbability));
        return layer;
    }

    /// <summary>A learnable factor for each level.</summary>
    public static ModuleList<LevelScale> Scales(int levels) => new(Enumerable.Range(0, levels).Select(_ => new LevelScale()));
}

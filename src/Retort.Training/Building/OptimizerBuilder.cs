using Retort.Core;
using Retort.Torch;
using Retort.Torch.Modules;
using Retort.Torch.Optimizers;
using Retort.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the optimizer of a recipe over the parameters that are trained.</summary>
public static class OptimizerBuilder
{
    /// <summary>Makes it; biases are a group of their own where they have a rate or a decay of their own.</summary>
    /// <param name="options">Kind and settings.</param>
    /// <param name="network">What is trained.</param>
    /// <param name="learningRate">The learning rate of the first step.</param>
    /// <param name="beside">What is trained with the network and is no part of it, such as the layers of a distillation; its parameters
    /// come last.</param>
    /// <exception cref="RetortException">The recipe freezes every parameter.</exception>
    public static Optimizer Build(OptimizerOptions options, Module network, double learningRate, Module? beside = null)
    {
        (string Name, Tensor Tensor)[] trained = [.. network.NamedParameters().Where(p => p.Tensor.RequiresGrad)];
        if (trained.Length == 0)
        {
            throw new RetortException(
                "the recipe freezes every parameter of the network, so there is nothing to train; lower model.backbone.frozenStages");
        }

        ParameterGroup[] groups = Groups(options, beside is null ? trained : [.. trained, .. beside.NamedParameters("distillation")]);
        return options switch
        {
            SgdOptions sgd => new Sgd(groups, learningRate, sgd.Momentum, sgd.WeightDecay),
            AdamWOptions adam => new AdamW(groups, learningRate, adam.WeightDecay, adam.Betas[0], adam.Betas[1]),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options, "unknown optimizer"),
        };
    }

    private static ParameterGroup[] Groups(OptimizerOptions options, (string Name, Tensor Tensor)[] trained)
    {
        if (options is { BiasLearningRateMultiplier: 1, BiasWeightDecayMultiplier: 1 })
        {
            return [new ParameterGroup([.. trained.Select(p => p.Tensor)])];
        }

        // The gains and offsets of normalisation layers are no biases of convolutions: in the reference they keep rate and decay.
        ILookup<bool, Tensor> isBias = trained.ToLookup(p => IsConvolutionBias(p.Name, trained), p => p.Tensor);
        return
        [
            new ParameterGroup([.. isBias[false]]),
            new ParameterGroup([.. isBias[true]], options.BiasLearningRateMultiplier,
                options.WeightDecay * options.BiasWeightDecayMultiplier),
        ];
    }

    private static bool IsConvolutionBias(string name, (string Name, Tensor Tensor)[] all)
    {
        const string suffix = ".bias";
        return name.EndsWith(suffix, StringComparison.Ordinal)
            && all.Any(p => p.Name == name[..^suffix.Length] + ".weight" && p.Tensor.Dim > 1);
    }
}

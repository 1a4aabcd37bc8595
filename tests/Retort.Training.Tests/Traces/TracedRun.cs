using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Training.Running;

namespace Retort.Training.Tests.Traces;

/// <summary>What is kept of a run of some steps.</summary>
public sealed class TracedRun
{
    private readonly Dictionary<string, List<double>> _log = [];

    /// <summary>Every number of every step by its name in the golden file, before the step's update.</summary>
    public IReadOnlyDictionary<string, List<double>> Log => _log;

    /// <summary>Parameters before the first step.</summary>
    public Dictionary<string, float[]> Initial { get; private set; } = [];

    /// <summary>The first step's gradient of every parameter that has one.</summary>
    public Dictionary<string, float[]> FirstGradients { get; } = [];

    /// <summary>Parameters after the last step.</summary>
    public Dictionary<string, float[]> Final { get; private set; } = [];

    /// <summary>Class logits and box logits of the finest level after the last step, in evaluation mode.</summary>
    public (float[] Classes, float[] Boxes) FinalOutput { get; private set; }

    public void KeepInitial(DenseDetector network) => Initial = Copy(network);

    public void Keep(StepValues values, double rate)
    {
        void Add(string name, double value)
        {
            _log.TryAdd(name, []);
            _log[name].Add(value);
        }

        foreach ((string name, double value) in values.Terms)
        {
            // Here a term of features is called by its region too.
            Add(name.StartsWith("loss_im", StringComparison.Ordinal) ? "loss_im" : name, value);
        }

        Add("loss", values.Total);
        Add("grad_norm", values.GradientNorm);
        Add("lr", rate);
    }

    public void KeepGradients(DenseDetector network)
    {
        using var scope = new TensorScope();
        foreach ((string name, Tensor tensor) in network.NamedParameters())
        {
            if (tensor.Grad is { } gradient)
            {
                FirstGradients[name] = gradient.ToArray<float>();
            }
        }
    }

    public void KeepFinal(DenseDetector network, Tensor images)
    {
        Final = Copy(network);
        using var noGrad = new NoGradScope();
        LevelOutput finest = network.Forward(images).Levels[0];
        FinalOutput = (finest.ClassLogits.ToArray<float>(), finest.BoxLogits.ToArray<float>());
    }

    private static Dictionary<string, float[]> Copy(DenseDetector network) =>
        network.NamedParameters().ToDictionary(p => p.Name, p => p.Tensor.ToArray<float>());
}

namespace Retort.Torch.Modules;

/// <summary>
/// A part of a network with named parameters, buffers and children, in the order of their registration, as in PyTorch; so names
/// such as <c>backbone.layer1.0.conv1.weight</c> come out the same. A module owns its tensors; dispose the outermost.
/// </summary>
public abstract class Module : IDisposable
{
    private readonly List<(string Name, Tensor Tensor)> _parameters = [];
    private readonly List<(string Name, Tensor Tensor)> _buffers = [];
    private readonly List<(string Name, Module Module)> _children = [];

    /// <summary>Whether the module is in training mode; set by <see cref="Train"/>.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Direct children in order.</summary>
    public IReadOnlyList<(string Name, Module Module)> Children => _children;

    /// <summary>Parameters of this module and all below it, by full name, in order.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedParameters(string prefix = "") => Collect(m => m._parameters, prefix);

    /// <summary>
    /// Parameters and buffers in the order of PyTorch's state dict: for each module its parameters, its buffers, then its children's.
    /// </summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedState(string prefix = "") =>
        Collect(m => m._parameters.Concat(m._buffers), prefix);

    /// <summary>This module and all below it, by full name, outermost first.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules(string prefix = "")
    {
        yield return (prefix, this);
        foreach ((string name, Module child) in _children)
        {
            foreach ((string, Module) below in child.NamedModules(Join(prefix, name)))
            {
                yield return below;
            }
        }
    }

    /// <summary>Chooses training (or evaluation) mode for this module and all below it.</summary>
    public virtual void Train(bool training = true)
    {
        IsTraining = training;
        foreach ((_, Module child) in _children)
        {
            child.Train(training);
        }
    }

    /// <summary>Chooses evaluation mode.</summary>
    public void Evaluate() => Train(false);

    /// <summary>Stops (or resumes) gradients for every parameter of this module and below.</summary>
    public void SetRequiresGrad(bool value)
    {
        foreach ((_, Tensor parameter) in NamedParameters())
        {
            parameter.RequiresGrad = value;
        }
    }

    /// <summary>Moves every parameter and buffer to a device. Call it before the optimizer is made.</summary>
    public void To(Device device) => Replace(tensor => tensor.To(device));

    /// <summary>Converts every floating-point parameter and buffer.</summary>
    public void To(ScalarType type) => Replace(tensor => tensor.Type.IsFloatingPoint() ? tensor.To(type) : tensor.Alias());

    /// <summary>Frees every parameter and buffer of this module and below.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the module owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach ((_, Tensor tensor) in _parameters.Concat(_buffers))
        {
            tensor.Dispose();
        }

        foreach ((_, Module child) in _children)
        {
            child.Dispose();
        }
    }

    /// <summary>Registers a parameter, which collects gradients, and takes it out of its scope.</summary>
    protected Tensor RegisterParameter(string name, Tensor tensor)
    {
        tensor.Detached().RequiresGrad = true;
        _parameters.Add((name, tensor));
        return tensor;
    }

    /// <summary>Registers a buffer and takes it out of its scope.</summary>
    protected Tensor RegisterBuffer(string name, Tensor tensor)
    {
        _buffers.Add((name, tensor.Detached()));
        return tensor;
    }

    /// <summary>Registers a child.</summary>
    protected T Register<T>(string name, T child) where T : Module
    {
        _children.Add((name, child));
        return child;
    }

    // Tensor objects keep their identity, so fields of modules that refer to them stay valid.
    private void Replace(Func<Tensor, Tensor> convert)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        foreach ((_, Module module) in NamedModules())
        {
            foreach ((_, Tensor tensor) in module._parameters.Concat(module._buffers))
            {
                bool requiresGrad = tensor.RequiresGrad;
                tensor.ReplaceBy(convert(tensor).Detach());
                tensor.RequiresGrad = requiresGrad;
            }
        }
    }

    private IEnumerable<(string Name, Tensor Tensor)> Collect(Func<Module, IEnumerable<(string Name, Tensor Tensor)>> own, string prefix)
    {
        foreach ((string path, Module module) in NamedModules(prefix))
        {
            foreach ((string name, Tensor tensor) in own(module))
            {
                yield return (Join(path, name), tensor);
            }
        }
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";
}

namespace Retort.Torch.Modules;

/// <summary>A module that maps one tensor to one tensor.</summary>
public abstract class Layer : Module
{
    /// <summary>Applies the layer.</summary>
    public abstract Tensor Forward(Tensor input);
}

/// <summary>Layers one after another, named 0, 1, 2, ...</summary>
public sealed class Sequential : Layer
{
    private readonly List<Layer> _layers = [];

    /// <summary>Makes a chain.</summary>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        foreach (Layer layer in layers)
        {
            _layers.Add(Register(_layers.Count.ToString(), layer));
        }
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>Applies the layers in turn; results in between are freed at once, except for what autograd holds.</summary>
    public override Tensor Forward(Tensor input)
    {
        Tensor current = input;
        foreach (Layer layer in _layers)
        {
            Tensor next = layer.Forward(current);
            if (current != input && current != next)
            {
                current.Dispose();
            }

            current = next;
        }

        return current;
    }
}

/// <summary>Modules of one kind, named 0, 1, 2, ...; the owner decides how they are applied.</summary>
/// <typeparam name="T">The kind.</typeparam>
public sealed class ModuleList<T> : Module where T : Module
{
    private readonly List<T> _items = [];

    /// <summary>Makes a list.</summary>
    public ModuleList(IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            _items.Add(Register(_items.Count.ToString(), item));
        }
    }

    /// <summary>Number of modules.</summary>
    public int Count => _items.Count;

    /// <summary>One module.</summary>
    public T this[int index] => _items[index];
}

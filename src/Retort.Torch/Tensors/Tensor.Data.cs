using Retort.Torch.Native;

namespace Retort.Torch;

public sealed partial class Tensor
{
    private static readonly TorchOperator s_toDevice = new("aten::to", "device");
    private static readonly TorchOperator s_toType = new("aten::to", "dtype");
    private static readonly TorchOperator s_contiguous = new("aten::contiguous");
    private static readonly TorchOperator s_clone = new("aten::clone");
    private static readonly TorchOperator s_copy = new("aten::copy_");
    private static readonly TorchOperator s_fill = new("aten::fill_", "Scalar");

    /// <summary>The first element. On the processor only; valid while the tensor lives.</summary>
    public unsafe void* DataPointer
    {
        get
        {
            TorchOperator.Observer?.Fail("the values of a tensor are read on the host");
            Bridge.Check(NativeMethods.retort_tensor_data(Handle, out nint data));
            return (void*)data;
        }
    }

    /// <summary>The elements in place: the tensor must be contiguous and on the processor.</summary>
    /// <exception cref="InvalidOperationException">The tensor is strided, on a GPU, or of another type.</exception>
    public unsafe Span<T> Span<T>() where T : unmanaged
    {
        if (!IsContiguous || Device.Type != DeviceType.Cpu || sizeof(T) != Type.ElementSize())
        {
            throw new InvalidOperationException($"{this} cannot be seen as contiguous {typeof(T).Name} in memory");
        }

        return new Span<T>(DataPointer, checked((int)Count));
    }

    /// <summary>Copies the elements to the host, row-major, converting to <typeparamref name="T"/> where the type differs.</summary>
    public T[] ToArray<T>() where T : unmanaged
    {
        using var scope = new TensorScope();
        Tensor host = Detach().To(TypeOf<T>()).To(Device.Cpu).Contiguous();
        return host.Span<T>().ToArray();
    }

    /// <summary>Reads a tensor of one element back to the host. Waits for the device: not for use inside a loss.</summary>
    /// <exception cref="InvalidOperationException">The tensor has more than one element, or none.</exception>
    public double Item() => Count == 1 ? ToArray<double>()[0] : throw new InvalidOperationException($"{this} does not have one element");

    /// <summary>The tensor on a device; itself (a second owner) where it is there already.</summary>
    public Tensor To(Device device) => Device == device ? Alias() : s_toDevice.Call(this, device, Type, false, false);

    /// <summary>The tensor with another element type; itself (a second owner) where it has it already.</summary>
    public Tensor To(ScalarType type) => Type == type ? Alias() : s_toType.Call(this, type, false, false);

    /// <summary>Row-major and without gaps; itself (a second owner) where it is already.</summary>
    public Tensor Contiguous() => IsContiguous ? Alias() : s_contiguous.Call(this);

    /// <summary>A copy with its own storage.</summary>
    public Tensor Clone() => s_clone.Call(this);

    /// <summary>Overwrites the elements with another tensor's (broadcast, converted).</summary>
    public Tensor CopyFrom(Tensor source)
    {
        s_copy.CallInPlace(this, source);
        return this;
    }

    /// <summary>Overwrites every element.</summary>
    public Tensor Fill(double value)
    {
        s_fill.CallInPlace(this, value);
        return this;
    }
}

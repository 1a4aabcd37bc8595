using Retort.Torch.Native;

namespace Retort.Torch;

public sealed partial class Tensor
{
    private static readonly TorchOperator s_detach = new("aten::detach");

    /// <summary>Whether gradients flow to this tensor. Setting it makes a leaf collect its gradient.</summary>
    public bool RequiresGrad
    {
        get => NativeMethods.retort_tensor_requires_grad(Handle) != 0;
        set => Bridge.Check(NativeMethods.retort_tensor_set_requires_grad(Handle, value ? 1 : 0));
    }

    /// <summary>The gradient that <see cref="Backward"/> collected, or null; a second owner of it in the current scope.</summary>
    public Tensor? Grad
    {
        get
        {
            Bridge.Check(NativeMethods.retort_tensor_grad(Handle, out nint grad));
            return grad == 0 ? null : Own(grad);
        }

        set => Bridge.Check(NativeMethods.retort_tensor_set_grad(Handle, value?.Handle ?? 0));
    }

    /// <summary>The same elements without gradient history.</summary>
    public Tensor Detach() => s_detach.Call(this);

    /// <summary>Sends the gradient of this scalar to every leaf that takes part in it.</summary>
    /// <param name="gradient">Weights of the elements where the tensor is no scalar; same shape.</param>
    /// <param name="retainGraph">Keeps the graph for another backward pass.</param>
    public unsafe void Backward(Tensor? gradient = null, bool retainGraph = false)
    {
        nint output = Handle;
        nint weight = gradient?.Handle ?? 0;
        Bridge.Check(NativeMethods.retort_backward(&output, gradient is null ? null : &weight, 1, retainGraph ? 1 : 0));
    }

    /// <summary>Gradients of an output's sum with respect to the inputs; null where an input takes no part.</summary>
    public static unsafe Tensor?[] Gradients(
        Tensor output, Tensor[] inputs, Tensor? weight = null, bool retainGraph = false, bool createGraph = false)
    {
        nint* handles = stackalloc nint[inputs.Length];
        nint* results = stackalloc nint[inputs.Length];
        for (int k = 0; k < inputs.Length; k++)
        {
            handles[k] = inputs[k].Handle;
        }

        nint outputHandle = output.Handle;
        nint weightHandle = weight?.Handle ?? 0;
        Bridge.Check(NativeMethods.retort_grad(
            &outputHandle, 1, handles, inputs.Length, weight is null ? null : &weightHandle, retainGraph ? 1 : 0, createGraph ? 1
                : 0, results));
        var gradients = new Tensor?[inputs.Length];
        for (int k = 0; k < inputs.Length; k++)
        {
            gradients[k] = results[k] == 0 ? null : Own(results[k]);
        }

        return gradients;
    }
}

using Retort.Torch.Native;

namespace Retort.Torch.Optimizers;

/// <summary>The joint norm of all gradients, and clipping by it.</summary>
public static class GradientClipping
{
    /// <summary>
    /// Scales all gradients by min(1, maximum / (norm + 1e-6)), where norm is the L2 norm of all of them together. Nothing is read back
    /// from the device. An infinite or NaN gradient makes the norm infinite or NaN: testing the result is the check for it, at no
    /// further pass over the gradients.
    /// </summary>
    /// <param name="parameters">Parameters; those without gradient are passed over.</param>
    /// <param name="maximum">Largest norm allowed; infinity only measures.</param>
    /// <returns>The norm before clipping, [].</returns>
    public static unsafe Tensor ByNorm(IReadOnlyList<Tensor> parameters, double maximum)
    {
        fixed (nint* handles = TensorHandles.Of(parameters))
        {
            Bridge.Check(NativeMethods.retort_clip_gradients(handles, parameters.Count, maximum, out nint norm));
            return Tensor.Own(norm);
        }
    }

    /// <summary>The L2 norm of all gradients together, [].</summary>
    public static Tensor Norm(IReadOnlyList<Tensor> parameters) => ByNorm(parameters, double.PositiveInfinity);
}

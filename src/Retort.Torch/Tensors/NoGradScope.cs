using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>While it is open, operators on this thread record no gradients. Restores the former mode at its end.</summary>
public sealed class NoGradScope : IDisposable
{
    private readonly int _former = NativeMethods.retort_grad_mode_get();

    /// <summary>Stops recording.</summary>
    public NoGradScope() => NativeMethods.retort_grad_mode_set(0);

    /// <summary>Restores the former mode.</summary>
    public void Dispose() => NativeMethods.retort_grad_mode_set(_former);
}

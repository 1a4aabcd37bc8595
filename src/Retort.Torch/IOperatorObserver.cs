using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>Watches the operators that a thread calls (<see cref="TorchOperator.Observer"/>), for recordings of networks.</summary>
internal unsafe interface IOperatorObserver
{
    /// <summary>An operator was called.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="arguments">What it was called with.</param>
    /// <param name="results">What it returned; owned by the caller.</param>
    /// <param name="produced">How many results there are.</param>
    void Record(TorchOperator op, ReadOnlySpan<Argument> arguments, NativeArgument* results, int produced);

    /// <summary>A handle now belongs to a tensor that no operator made.</summary>
    void Forget(nint handle);

    /// <summary>The thread did something that repeating its operators would not do.</summary>
    void Fail(string reason);
}

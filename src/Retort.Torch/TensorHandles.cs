namespace Retort.Torch;

/// <summary>Handles of many tensors for one native call.</summary>
internal static class TensorHandles
{
    internal static nint[] Of(IReadOnlyList<Tensor> tensors)
    {
        nint[] handles = new nint[tensors.Count];
        for (int k = 0; k < handles.Length; k++)
        {
            handles[k] = tensors[k].Handle;
        }

        return handles;
    }
}

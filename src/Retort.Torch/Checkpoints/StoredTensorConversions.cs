namespace Retort.Torch.Checkpoints;

/// <summary>Tensors of libtorch from stored ones, and back.</summary>
public static class StoredTensorConversions
{
    extension(Tensor)
    {
        /// <summary>A copy of a stored tensor on the CPU.</summary>
        public static Tensor From(StoredTensor stored) => Tensor.FromBytes(stored.Type, stored.Shape, stored.Bytes);
    }

    extension(Tensor tensor)
    {
        /// <summary>Copies the elements, row-major, into a form that needs no libtorch.</summary>
        public unsafe StoredTensor ToStored()
        {
            using var scope = new TensorScope();
            Tensor host = tensor.Detach().To(Device.Cpu).Contiguous();
            byte[] bytes = new Span<byte>(host.DataPointer, checked((int)(host.Count * host.Type.ElementSize()))).ToArray();
            return new StoredTensor(tensor.Type, tensor.Shape, bytes);
        }
    }
}

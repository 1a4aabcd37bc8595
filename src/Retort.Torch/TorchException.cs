namespace Retort.Torch;

/// <summary>An error that libtorch or the bridge reported; the message is its own.</summary>
public sealed class TorchException(string message) : Exception(message);

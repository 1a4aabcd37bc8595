using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using Retort.Core.Files;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Training.Weights;

/// <summary>
/// Reads the convolutions and normalisations of a residual network with basic blocks out of an ONNX graph, and gives them the names of
/// PyTorch's ResNet. The graph's own names say nothing, so parameters are found by their place: the stem first, then the blocks; of a
/// block's three convolutions the one of 1x1 is the shortcut.
/// </summary>
internal static class OnnxResidualNetwork
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">An ONNX file whose hash was checked.</param>
    /// <param name="blocks">Blocks of each stage to read.</param>
    /// <returns>Weights, shapes as in PyTorch, float32.</returns>
    /// <exception cref="WeightsException">The graph is not such a network.</exception>
    public static StateDict Read(string path, IReadOnlyList<int> blocks)
    {
        GraphProto graph;
        try
        {
            using Stream stream = UserFiles.OpenRead(path);
            graph = ModelProto.Parser.ParseFrom(stream).Graph;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WeightsException($"{path}: this is no ONNX file ({e.Message.TrimEnd('.')})", e);
        }

        var reader = new Reader(path, graph);
        var state = new StateDict();
        reader.Stem(state);
        for (int stage = 0; stage < blocks.Count; stage++)
        {
            reader.Stage(state, stage + 1, blocks[stage]);
        }

        return state;
    }

    /// <summary>Goes through the convolutions of a graph in their order.</summary>
    private sealed class Reader(string path, GraphProto graph)
    {
        private readonly Dictionary<string, TensorProto> _initializers =
            graph.Initializer.ToDictionary(t => t.Name, StringComparer.Ordinal);
        private readonly NodeProto[] _convolutions = [.. graph.Node.Where(node => node.OpType == "Conv")];
        private int _at;

        public void Stem(StateDict state) => Unit(state, "conv1", "bn1");

        public void Stage(StateDict state, int stage, int blocks)
        {
            for (int block = 0; block < blocks; block++)
            {
                string name = $"layer{stage}.{block}";
                string[] inputs = [.. _convolutions.Skip(_at).Take(2).Select(node => node.Input[0])];

                // Two convolutions of the same map: a block with a shortcut of its own, in either order.
                bool shortcut = inputs is [var first, var second] && first == second;
                int units = shortcut ? 3 : 2, place = 1;
                for (int k = 0; k < units; k++)
                {
                    bool isShortcut = shortcut && Weight(_at).Dims[^1] == 1;
                    (string convolution, string norm) = isShortcut ? ("downsample.0", "downsample.1") : ($"conv{place}", $"bn{place}");
                    place += isShortcut ? 0 : 1;
                    Unit(state, $"{name}.{convolution}", $"{name}.{norm}");
                }
            }

            SkipBlocksOfSameWidth();
        }

        private void SkipBlocksOfSameWidth()
        {
            while (_at < _convolutions.Length && Weight(_at) is { } weight && weight.Dims[0] == weight.Dims[1] && weight.Dims[^1] != 1)
            {
                _at++;
            }
        }

        private void Unit(StateDict state, string convolution, string norm)
        {
            Add(state, convolution + ".weight", Weight(_at));
            string output = _convolutions[_at++].Output[0];
            NodeProto normalisation = graph.Node.FirstOrDefault(node => node.OpType == "BatchNormalization" && node.Input[0] == output)
                ?? throw Unfit($"no batch normalisation follows the convolution of {convolution}");
            string[] parts = ["weight", "bias", "running_mean", "running_var"];
            for (int k = 0; k < parts.Length; k++)
            {
                Add(state, $"{norm}.{parts[k]}", Initializer(normalisation.Input[k + 1]));
            }
        }

        private TensorProto Weight(int index) =>
            index < _convolutions.Length ? Initializer(_convolutions[index].Input[1])
                : throw Unfit("it has fewer convolutions than the network to read");

        private TensorProto Initializer(string name) =>
            _initializers.GetValueOrDefault(name) ?? throw Unfit($"it has no initializer '{name}'");

        private static void Add(StateDict state, string name, TensorProto tensor)
        {
            byte[] bytes = tensor.RawData.Length > 0 ? tensor.RawData.ToByteArray()
                : MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()).ToArray();
            state.Add(name, new StoredTensor(ScalarType.Float32, [.. tensor.Dims], bytes));
        }

        private WeightsException Unfit(string problem) => new($"{path}: {problem}; it is not the residual network that it is taken for");
    }
}

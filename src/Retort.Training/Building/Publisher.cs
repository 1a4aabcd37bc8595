using System.Security.Cryptography;
using Retort.Core;
using Retort.Core.Files;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Training.Building;

/// <summary>Makes the small file that leaves the house: weights and what describes them, without teacher, optimizer and progress.</summary>
public static class Publisher
{
    private const int HashDigits = 8;

    /// <summary>Publishes a run's checkpoint as <c>NAME-xxxxxxxx.pth</c>, x being the beginning of the file's SHA-256.</summary>
    /// <param name="checkpoint">A checkpoint of a run.</param>
    /// <param name="folder">Where the file goes.</param>
    /// <param name="name">What it is called; by default the last part of the recipe's name.</param>
    /// <param name="half">Writes half-precision weights: half the size, and differences in the last digits of a score.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="CheckpointException">The checkpoint is damaged or was not written by Retort.</exception>
    /// <exception cref="RetortException">The name is no file name.</exception>
    /// <exception cref="RetortException">The folder cannot be written.</exception>
    public static string Publish(string checkpoint, string folder, string? name = null, bool half = false)
    {
        using Checkpoint file = Checkpoint.Open(checkpoint);
        (Recipe recipe, _) = TrainedDetector.ReadDescription(file);
        name ??= Path.GetFileName(recipe.Name);
        var root = new CheckpointDictionary
        {
            ["meta"] = file.Meta,
            ["state_dict"] = (half ? ToHalf(TrainedDetector.ReadWeights(file)) : TrainedDetector.ReadWeights(file)).ToValue(),
        };
        if (name.Length == 0 || name != Path.GetFileName(name))
        {
            throw new RetortException($"'{name}' is not a file name; give --name without folders, and the folder by --output");
        }

        UserFiles.CreateFolder(folder);
        string unnamed = Path.Combine(folder, $".{name}.publishing");
        try
        {
            TorchFile.Write(unnamed, root);
            string published = Path.Combine(folder, $"{name}-{Hash(unnamed)}.pth");
            UserFiles.Replace(unnamed, published);
            return published;
        }
        finally
        {
            UserFiles.Delete(unnamed);
        }
    }

    private static StateDict ToHalf(StateDict weights)
    {
        using var scope = new TensorScope();
        return new StateDict(weights.Select(entry => KeyValuePair.Create(
            entry.Key, entry.Value.Type.IsFloatingPoint() ? Tensor.From(entry.Value).To(ScalarType.Float16).ToStored() : entry.Value))
                .ToArray());
    }

    private static string Hash(string path)
    {
        using Stream stream = UserFiles.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..HashDigits];
    }
}

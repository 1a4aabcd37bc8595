using Retort.Vision.Synthesis;

namespace Retort.Testing;

/// <summary>
/// A drawn data set and recipes so small that a whole training run takes a second or two: 12 images of 64x64 to train on, 4 to measure
/// with, and a detector of some ten thousand weights. Use it as a class fixture; the folder is removed with it.
/// </summary>
public sealed class TinyData : IDisposable
{
    /// <summary>Steps of an epoch with the recipe's two images a step.</summary>
    public const int StepsPerEpoch = 6;

    /// <summary>Draws the data set.</summary>
    public TinyData()
    {
        Folder = Directory.CreateTempSubdirectory("retort-tiny-").FullName;
        SyntheticDataset.Generate(
            new SyntheticOptions
            {
                TrainImages = 2 * StepsPerEpoch,
                ValidationImages = 4,
                Width = 64,
                Height = 64,
                MinSize = 0.3f,
                MaxSize = 0.6f,
                Threads = 1
            }, Folder);
    }

    /// <summary>The data set's folder.</summary>
    public string Folder { get; }

    /// <summary>Writes a recipe <c>NAME.yaml</c> into a folder, whose runs go into <c>runs</c> there, and returns its path.</summary>
    /// <param name="folder">Where the recipe and its runs go.</param>
    /// <param name="name">What recipe and run are called.</param>
    /// <param name="more">Further lines of the recipe.</param>
    /// <param name="data">The data set's folder, if not this one.</param>
    public string WriteRecipe(string folder, string name = "tiny", string more = "", string? data = null)
    {
        string file = Path.Combine(folder, name + ".yaml");
        File.WriteAllText(
            file,
            $$$"""
            name: {{{name}}}
            output: {{{Path.Combine(folder, "runs")}}}
            data:
              format: coco
              root: {{{data ?? Folder}}}
              train: {annotations: annotations/instances_train.json, images: images/train}
              val: {annotations: annotations/instances_val.json, images: images/val}
            input: {scales: [[64, 64]]}
            loader: {batchSize: 2, evaluationBatchSize: 2, workers: 1}
            model:
              backbone: {depth: 18, width: 0.125, normMode: train, frozenStages: -1}
              neck: {channels: 16, levels: 3}
              head: {stackedConvs: 1, channels: 16, normGroups: 4, regMax: 8}
            schedule: {epochs: 2, steps: [1], warmup: {iterations: 4, ratio: 0.1}}
            log: {interval: 1}
            device: cpu
            threads: 1
            {{{more}}}
            """);
        return file;
    }

    /// <summary>A copy of the data set to damage.</summary>
    /// <param name="folder">Where it goes.</param>
    public string CopyTo(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

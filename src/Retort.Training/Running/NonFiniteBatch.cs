using System.Globalization;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Training.Runs;
using Retort.Vision.Loading;

namespace Retort.Training.Running;

/// <summary>Keeps the batch that gave a loss or a gradient that is not finite, so that the cause can be found.</summary>
internal static class NonFiniteBatch
{
    /// <summary>Writes images, boxes and labels into the run's folder and returns the error to throw.</summary>
    public static TrainingDivergedException Write(RunFolder folder, ImageBatch batch, StepValues values, TrainingState state, double rate)
    {
        string terms = string.Join(", ", values.Terms.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Value:g4}")));
        var metadata = new Dictionary<string, string>
        {
            ["images"] = string.Join("\n", batch.Items.Select(i => i.Path)),
            ["losses"] = terms,
            ["epoch"] = (state.Epoch + 1).ToString(CultureInfo.InvariantCulture),
            ["iteration"] = state.Iteration.ToString(CultureInfo.InvariantCulture),
        };
        SafetensorsFile.Write(folder.OffendingBatch, Tensors(batch), metadata);
        return new TrainingDivergedException(string.Create(
            CultureInfo.InvariantCulture,
            $"{folder.Path}: the loss is not finite in epoch {state.Epoch + 1}, step {state.Iteration + 1} ({terms}; gradient {values.GradientNorm:g4}; learning rate {rate:g3}). The step was not made. The batch is in {folder.OffendingBatch}. Lower optimizer.learningRate, set optimizer.gradientClip, or use normalisation: per-positive in the distillation terms; then continue with --resume."));
    }

    private static IEnumerable<KeyValuePair<string, StoredTensor>> Tensors(ImageBatch batch)
    {
        using var scope = new TensorScope();
        yield return KeyValuePair.Create("images", BatchTensors.Images(batch, Device.Cpu).ToStored());
        for (int k = 0; k < batch.Count; k++)
        {
            BatchItem item = batch.Items[k];
            yield return KeyValuePair.Create($"boxes.{k}", Tensor.From(item.Boxes, item.Labels.Length, 4).ToStored());
            yield return KeyValuePair.Create($"labels.{k}", Tensor.From(item.Labels, item.Labels.Length).ToStored());
        }
    }
}

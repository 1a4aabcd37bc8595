using System.Globalization;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Recipes;
using Retort.Training.Data;
using Retort.Training.Runs;
using Retort.Vision.Loading;

namespace Retort.Training.Running;

/// <summary>Keeps the batch that gave a loss or a gradient that is not finite, so that the cause can be found.</summary>
internal static class NonFiniteBatch
{
    /// <summary>Writes images, boxes and labels into the run's folder and returns the error to throw.</summary>
    public static TrainingDivergedException Write(
        RunFolder folder, Recipe recipe, ImageBatch batch, StepValues values, TrainingState state, double rate)
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
            $"{folder.Path}: the loss is not finite in epoch {state.Epoch + 1}, step {state.Iteration + 1} ({terms}; gradient "
                + $"{values.GradientNorm:g4}; learning rate {rate:g3}). The step was not made. The batch is in {folder.OffendingBatch}. "
                + $"{Advice(folder, recipe)}"));
    }

    // What can be changed in this recipe, and how to go on with it: a changed recipe needs leave, and the first steps have no checkpoint to
    // go on from.
    private static string Advice(RunFolder folder, Recipe recipe)
    {
        List<string> changes = ["lower optimizer.learningRate", recipe.Optimizer.GradientClip is null
            ? "set optimizer.gradientClip (35 is usual)" : "lower optimizer.gradientClip"];
        if (recipe.Distillation.Any(term => term.Normalisation != Normalisation.PerPositive))
        {
            changes.Add("use normalisation: per-positive in the distillation terms");
        }

        string change = string.Join(" or ", changes);
        return string.Concat(change[..1].ToUpperInvariant(), change[1..]) + (folder.CanResume
            ? ", and go on from the last checkpoint with --resume --allow-changes."
            : ", and begin anew: there is no checkpoint yet.");
    }

    private static IEnumerable<KeyValuePair<string, StoredTensor>> Tensors(ImageBatch batch)
    {
        using var scope = new TensorScope();
        yield return KeyValuePair.Create("images", BatchTensors.Images(batch, Device.Cpu).ToStored());
        for (int k = 0; k < batch.Count; k++)
        {
            BatchItem item = batch.Items[k];
            yield return KeyValuePair.Create($"boxes.{k}", Tensor.From(item.Boxes.Numbers, item.Boxes.Count, 4).ToStored());
            yield return KeyValuePair.Create($"labels.{k}", Tensor.From(item.Labels, item.Labels.Length).ToStored());
        }
    }
}

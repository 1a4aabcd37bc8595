using System.Diagnostics;
using Retort.Detection.Dense;
using Retort.Evaluation.Coco;
using Retort.Torch;
using Retort.Training.Running;
using Retort.Vision.Data;
using Retort.Vision.Loading;

namespace Retort.Training.Evaluating;

/// <summary>Runs a detector over a data set and scores it.</summary>
public static class DetectorEvaluation
{
    /// <summary>Detects in every image and computes COCO's metrics.</summary>
    /// <param name="predict">Detections of a batch of normalised images, in evaluation mode.</param>
    /// <param name="data">The images and their objects.</param>
    /// <param name="loader">Gives every image of <paramref name="data"/> once.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="options">Which metrics; COCO's by default.</param>
    public static EvaluationResult Run(
        Func<Tensor, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)>, IReadOnlyList<Detections>> predict,
        IDetectionDataset data,
        IEnumerable<ImageBatch> loader,
        Device device,
        Action<int>? progress = null,
        CocoEvaluationOptions? options = null)
    {
        var watch = Stopwatch.StartNew();
        var all = new CocoDetections(source: data.Name);
        int done = 0;
        foreach (ImageBatch batch in loader)
        {
            using (batch)
            using (new TensorScope())
            using (new NoGradScope())
            {
                IReadOnlyList<Detections> found = predict(BatchTensors.Images(batch, device), BatchTensors.Sizes(batch));
                for (int k = 0; k < found.Count; k++)
                {
                    Add(all, batch.Items[k].ImageId, found[k], data.CategoryIds);
                }

                done += found.Count;
                progress?.Invoke(done);
            }
        }

        TimeSpan duration = watch.Elapsed;
        return new EvaluationResult(CocoEvaluator.Evaluate(GroundTruths.Of(data), all, options), all, done, duration);
    }

    private static void Add(CocoDetections all, long imageId, Detections found, IReadOnlyList<long> categoryIds)
    {
        for (int k = 0; k < found.Count; k++)
        {
            ReadOnlySpan<float> box = found.Boxes.AsSpan(4 * k, 4);
            all.Add(imageId, categoryIds[found.Labels[k]], [box[0], box[1], (double)box[2] - box[0], (double)box[3] - box[1]], found.Scores[k]);
        }
    }
}

using System.Diagnostics;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Dota;
using Retort.Torch;
using Retort.Recipes;
using Retort.Training.Data;
using Retort.Vision.Data;
using Retort.Vision.Loading;

namespace Retort.Training.Evaluating;

/// <summary>Detections of a batch of normalised images [N, 3, H, W], in evaluation mode.</summary>
/// <param name="images">The batch, on the network's device.</param>
/// <param name="placements">Where each image lies in the batch.</param>
public delegate IReadOnlyList<Detections> BatchDetector(Tensor images, IReadOnlyList<ImagePlacement> placements);

/// <summary>Runs a detector over a data set and scores it.</summary>
public static class DetectorEvaluation
{
    /// <summary>Detects in every image and measures.</summary>
    /// <param name="detect">The network.</param>
    /// <param name="data">The images and their objects.</param>
    /// <param name="loader">Gives every image of <paramref name="data"/> once.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="form">The form of its boxes.</param>
    /// <param name="progress">Receives the number of processed images.</param>
    /// <param name="protocol">The definition of average precision.</param>
    /// <param name="coco">What COCO's protocol measures; COCO's twelve numbers by default.</param>
    public static EvaluationResult Run(
        BatchDetector detect,
        IDetectionDataset data,
        IEnumerable<ImageBatch> loader,
        Device device,
        BoxForm form,
        Action<int>? progress = null,
        EvaluationProtocol protocol = EvaluationProtocol.Coco,
        CocoEvaluationOptions? coco = null)
    {
        var watch = Stopwatch.StartNew();
        var horizontal = new CocoDetections(source: data.Name);
        var rotated = new RotatedDetections();
        int images = Detect(detect, loader, device, progress, (item, found) =>
        {
            if (form == BoxForm.Rotated)
            {
                rotated.Add(item.Index, found);
            }
            else
            {
                Add(horizontal, item.ImageId, found, data.CategoryIds);
            }
        });
        TimeSpan duration = watch.Elapsed;
        Task1Results? task1 = form == BoxForm.Rotated ? rotated.Of(Enumerable.Range(0, data.Count).Select(i => data[i].Path)) : null;
        IDetectionScores scores = task1 is null
            ? DetectionScores.Measure(protocol, GroundTruths.Of(data), horizontal, coco)
            : DetectionScores.Measure(protocol, RotatedTruth.Of(data), task1.Detections);
        return new EvaluationResult(scores, horizontal, images, duration) { Rotated = task1, ClassNames = data.ClassNames };
    }

    /// <summary>Detects in every image, in the data set's own image and category ids; the images need no annotations.</summary>
    /// <returns>All detections, and the number of images.</returns>
    /// <param name="detect">The network.</param>
    /// <param name="data">The images.</param>
    /// <param name="loader">Gives every image of <paramref name="data"/> once.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="progress">Receives the number of processed images.</param>
    public static (CocoDetections Detections, int Images) Detect(
        BatchDetector detect, IDetectionDataset data, IEnumerable<ImageBatch> loader, Device device, Action<int>? progress = null)
    {
        var all = new CocoDetections(source: data.Name);
        int images = Detect(detect, loader, device, progress, (item, found) => Add(all, item.ImageId, found, data.CategoryIds));
        return (all, images);
    }

    private static int Detect(BatchDetector detect, IEnumerable<ImageBatch> loader, Device device, Action<int>? progress,
        Action<BatchItem, Detections> add)
    {
        int done = 0;
        foreach (ImageBatch batch in loader)
        {
            using (batch)
            using (new TensorScope())
            using (new NoGradScope())
            {
                IReadOnlyList<Detections> found = detect(BatchTensors.Images(batch, device), BatchTensors.Placements(batch));
                for (int k = 0; k < found.Count; k++)
                {
                    add(batch.Items[k], found[k]);
                }

                done += found.Count;
                progress?.Invoke(done);
            }
        }

        return done;
    }

    private static void Add(CocoDetections all, long imageId, Detections found, IReadOnlyList<long> categoryIds)
    {
        found.Boxes.Require(BoxForm.Upright);
        for (int k = 0; k < found.Count; k++)
        {
            ReadOnlySpan<float> box = found.Boxes[k];
            all.Add(imageId, categoryIds[found.Labels[k]], [box[0], box[1], (double)box[2] - box[0], (double)box[3] - box[1]],
                found.Scores[k]);
        }
    }
}

using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Prediction;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Running;
using Retort.Vision.Loading;

namespace Retort.Training.Comparing;

/// <summary>How a student agrees with a teacher over a data set.</summary>
/// <param name="Levels">Of each pyramid level, finest first, each measure in the order of <see cref="PairAgreement.Measures"/>: the mean
/// over the images; NaN where it is not defined.</param>
/// <param name="Images">Number of images.</param>
public sealed record PairComparison(IReadOnlyList<IReadOnlyList<double>> Levels, int Images)
{
    /// <summary>A measure as the mean over the levels; NaN where it is not defined.</summary>
    public double Mean(AgreementMeasure measure) => Levels.Average(level => level[(int)measure]);

    /// <summary>Compares students with a teacher; every image is decoded and seen by the teacher once.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="students">The students, one or more.</param>
    /// <param name="loader">The images.</param>
    /// <param name="progress">Receives the number of processed images.</param>
    /// <returns>One result a student, in their order.</returns>
    /// <exception cref="KnowledgeMismatchException">A student differs from the teacher in levels, strides or classes.</exception>
    public static IReadOnlyList<PairComparison> Run(
        TrainedDetector teacher, IReadOnlyList<TrainedDetector> students, IEnumerable<ImageBatch> loader, Action<int>? progress = null)
    {
        using var networks = new ComparedNetworks(teacher, students);
        var sums = students.Select(_ => new List<double[]>()).ToArray();
        int images = 0;
        foreach (ImageBatch batch in loader)
        {
            using (batch)
            using (new TensorScope())
            using (new NoGradScope())
            {
                (DenseOutput taught, IReadOnlyList<DenseOutput> outputs) = networks.Forward(BatchTensors.Images(batch, teacher.Device));
                for (int k = 0; k < outputs.Count; k++)
                {
                    Add(sums[k], PairAgreement.Measure(outputs[k], taught, networks.Distributions).Sum([1]));
                }

                images += batch.Count;
                progress?.Invoke(images);
            }
        }

        return [.. sums.Select(levels => new PairComparison([.. levels.Select(
            level => (IReadOnlyList<double>)[.. level.Select(v => v / images)])], images))];
    }

    private static void Add(List<double[]> levels, Tensor sums)
    {
        float[] values = sums.ToArray<float>();
        int measures = PairAgreement.Measures.Count;
        while (levels.Count < sums.Size(0))
        {
            levels.Add(new double[measures]);
        }

        for (int i = 0; i < values.Length; i++)
        {
            levels[i / measures][i % measures] += values[i];
        }
    }
}

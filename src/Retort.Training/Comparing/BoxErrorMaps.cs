using Retort.Core;
using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Prediction;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Training.Running;
using Retort.Vision.Loading;

namespace Retort.Training.Comparing;

/// <summary>Where a student's box logits differ from a teacher's in one image (Localization Distillation, Figure 5).</summary>
/// <param name="Image">Index of the image in the data set.</param>
/// <param name="Students">Of each student, of each level, finest first: the summed absolute difference at each place, row by row, and the
/// places in a row.</param>
public sealed record BoxErrorMaps(int Image, IReadOnlyList<IReadOnlyList<(float[] Values, int Width)>> Students)
{
    /// <summary>Makes the maps of the first images.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="students">The students, one or more.</param>
    /// <param name="loader">The images.</param>
    /// <param name="count">How many images, 1 or more.</param>
    /// <exception cref="RetortException">A student has other box logits than the teacher.</exception>
    public static IReadOnlyList<BoxErrorMaps> Of(
        TrainedDetector teacher, IReadOnlyList<TrainedDetector> students, IEnumerable<ImageBatch> loader, int count)
    {
        using var networks = new ComparedNetworks(teacher, students);
        var maps = new List<BoxErrorMaps>();
        foreach (ImageBatch batch in loader)
        {
            using (batch)
            using (new TensorScope())
            using (new NoGradScope())
            {
                (DenseOutput taught, IReadOnlyList<DenseOutput> outputs) = networks.Forward(BatchTensors.Images(batch, teacher.Device));
                for (int image = 0; image < batch.Count && maps.Count < count; image++)
                {
                    maps.Add(new BoxErrorMaps(batch.Items[image].Index, [.. outputs.Select(output => OfStudent(output, taught, image))]));
                }
            }

            if (maps.Count == count)
            {
                break;
            }
        }

        return maps;
    }

    private static IReadOnlyList<(float[] Values, int Width)> OfStudent(DenseOutput student, DenseOutput teacher, int image)
    {
        if (student.Levels[0].BoxLogits.Size(1) != teacher.Levels[0].BoxLogits.Size(1))
        {
            throw new RetortException("maps of the difference need box logits of the same number in student and teacher: the same bins "
                + "('head.regMax') and anchors");
        }

        return [.. student.Levels.Select(
            (level, l) => (PairAgreement.BoxErrorMap(student, teacher, l).Select(0, image).ToArray<float>(), level.Width))];
    }
}

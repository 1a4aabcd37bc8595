using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Distillation.Tests;

/// <summary>The measures of agreement against sums in plain loops.</summary>
public class PairAgreementTests : TensorTest
{
    private const int Images = 2, Classes = 3, Edges = 4, Bins = 5, Channels = 6;

    [Fact]
    public void A_network_agrees_wholly_with_itself()
    {
        DenseOutput output = Output(1);
        float[] values = PairAgreement.Measure(output, output, Edges).ToArray<float>();
        Assert.Equal(2 * Images * 8, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(i % 8 < 5 ? 0 : 1, values[i], 5);
        }
    }

    [Fact]
    public void Every_measure_is_the_one_that_its_name_says()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1), Output(2));
        float[] values = PairAgreement.Measure(student, teacher, Edges).ToArray<float>();
        for (int level = 0; level < 2; level++)
        {
            for (int image = 0; image < Images; image++)
            {
                double[] classes = Values(student.Levels[level].ClassLogits, image), taughtClasses =
                    Values(teacher.Levels[level].ClassLogits, image);
                double[] boxes = Values(student.Levels[level].BoxLogits, image), taughtBoxes =
                    Values(teacher.Levels[level].BoxLogits, image);
                double[] features = Values(student.Features[level], image), taughtFeatures = Values(teacher.Features[level], image);
                int places = classes.Length / Classes;
                double[] expected =
                [
                    Distance([.. classes.Select(Sigmoid)], [.. taughtClasses.Select(Sigmoid)]),
                    Distance(Softmax(boxes, places), Softmax(taughtBoxes, places)),
                    Distance(features, taughtFeatures),
                    Distance(classes, taughtClasses),
                    Distance(boxes, taughtBoxes),
                    Correlation(features, taughtFeatures),
                    Correlation(classes, taughtClasses),
                    Correlation(boxes, taughtBoxes),
                ];
                for (int m = 0; m < expected.Length; m++)
                {
                    Assert.Equal(expected[m], values[(((level * Images) + image) * 8) + m], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void What_cannot_be_compared_is_no_number_and_the_rest_is()
    {
        float[] values = PairAgreement.Measure(Output(1), Output(2, channels: 8, bins: 7), Edges).ToArray<float>();
        AgreementMeasure[] undefined =
        [
            AgreementMeasure.EdgeError, AgreementMeasure.FeatureDistance, AgreementMeasure.BoxDistance, AgreementMeasure.FeatureCorrelation,
                AgreementMeasure.BoxCorrelation,
        ];
        Assert.All(values.Index(), v => Assert.Equal(undefined.Contains((AgreementMeasure)(v.Index % 8)), float.IsNaN(v.Item)));
    }

    [Fact]
    public void Joint_scores_are_the_scores_where_there_are_some()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1, joint: true), Output(2, joint: true));
        float[] values = PairAgreement.Measure(student, teacher, Edges).ToArray<float>();
        Assert.Equal(Distance(Values(student.Levels[0].JointScores!, 0), Values(teacher.Levels[0].JointScores!, 0)), values[0], 1e-6);
    }

    [Fact]
    public void The_map_of_a_level_has_the_sum_over_its_channels()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1), Output(2));
        double[] a = Values(student.Levels[0].BoxLogits, 1), b = Values(teacher.Levels[0].BoxLogits, 1);
        float[] map = PairAgreement.BoxErrorMap(student, teacher, 0).Select(0, 1).ToArray<float>();
        double[] expected = new double[map.Length];
        for (int i = 0; i < a.Length; i++)
        {
            expected[i % map.Length] += Math.Abs(a[i] - b[i]);
        }

        Assert.All(expected.Zip(map), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private static DenseOutput Output(long seed, int classes = Classes, int bins = Bins, int channels = Channels, bool joint = false)
    {
        Runtime.Seed(seed);
        return new DenseOutput([Level(4, 6), Level(2, 3)], [TestTensor.RandomNormal([Images, channels, 4, 6]),
            TestTensor.RandomNormal([Images, channels, 2, 3])]);

        LevelOutput Level(int height, int width) => new(
            TestTensor.RandomNormal([Images, classes, height, width]), TestTensor.RandomNormal([Images, Edges * bins, height, width]),
            JointScores: joint ? TestTensor.RandomUniform([Images, classes, height, width]) : null);
    }

    private static double[] Values(Tensor map, int image) => [.. map.Select(0, image).ToArray<float>().Select(v => (double)v)];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private static double Correlation(double[] a, double[] b)
    {
        (double p, double q) = (a.Average(), b.Average());
        return a.Zip(b, (x, y) => (x - p) * (y - q)).Sum() / Math.Sqrt(a.Sum(x => (x - p) * (x - p)) * b.Sum(y => (y - q) * (y - q)));
    }

    private static double[] Softmax(double[] boxes, int places)
    {
        double[] result = new double[boxes.Length];
        for (int edge = 0; edge < Edges; edge++)
        {
            for (int place = 0; place < places; place++)
            {
                double sum = Enumerable.Range(0, Bins).Sum(bin => Math.Exp(boxes[(((edge * Bins) + bin) * places) + place]));
                for (int bin = 0; bin < Bins; bin++)
                {
                    int at = (((edge * Bins) + bin) * places) + place;
                    result[at] = Math.Exp(boxes[at]) / sum;
                }
            }
        }

        return result;
    }
}

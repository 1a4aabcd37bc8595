using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Tests.Criteria;

public class CenternessCriterionTests : TensorTest
{
    [Fact]
    [Trait("Category", Golden.Category)]
    public void Losses_and_gradients_of_the_whole_atss_head_are_the_references() => Check("head_atss", HeadInputs.Read());

    [Fact]
    [Trait("Category", Golden.Category)]
    public void An_image_without_objects_is_background() => Check("head_atss_one_image_empty", HeadInputs.Read().WithoutObjects(1));

    [Fact]
    [Trait("Category", Golden.Category)]
    public void A_batch_without_objects_gives_zero_box_losses() => Check("head_atss_all_images_empty", HeadInputs.Read().WithoutObjects());

    [Fact]
    public void A_batch_without_objects_gives_finite_gradients()
    {
        HeadInputs inputs = HeadInputs.Read().WithoutObjects();
        DenseOutput output = inputs.Output("student", HeadMaps.Centerness);
        IReadOnlyList<LossTerm> terms = Terms(inputs, output, new CenternessOptions());
        Assert.Equal(0, terms[1].Value.Item());
        Assert.Equal(0, terms[2].Value.Item());
        terms.Select(t => t.Value).Aggregate((a, b) => a + b).Backward();
        foreach (LevelOutput level in output.Levels)
        {
            Assert.All([.. level.BoxLogits.Grad!.ToArray<float>(), .. level.Centerness!.Grad!.ToArray<float>()], g => Assert.Equal(0, g));
            Assert.All(level.ClassLogits.Grad!.ToArray<float>(), g => Assert.True(float.IsFinite(g)));
        }
    }

    [Fact]
    public void Weights_scale_their_terms()
    {
        HeadInputs inputs = HeadInputs.Read();
        DenseOutput output = inputs.Output("student", HeadMaps.Centerness);
        var options = new CenternessOptions
        {
            Classification = new FocalOptions { Weight = 2 },
            Box = new IouLossOptions { Weight = 6 },
            Centerness = new CenternessLossOptions { Weight = 4 }
        };
        IReadOnlyList<LossTerm> plain = Terms(inputs, output, new CenternessOptions()), scaled = Terms(inputs, output, options);
        Assert.Equal([2, 3, 4], plain.Zip(scaled).Select(p => Math.Round(p.Second.Value.Item() / p.First.Value.Item(), 4)));
    }

    // The form of the loss that treats every prior as background first is the loss as written in the paper.
    [Theory]
    [InlineData(0.25, 2.0)]
    [InlineData(0.4, 1.5)]
    public void Focal_loss_of_a_batch_is_the_sum_over_its_priors(double alpha, double gamma)
    {
        HeadInputs inputs = HeadInputs.Read();
        DenseOutput output = inputs.Output("student", HeadMaps.Centerness);
        BatchAssignment assignment = Assign(inputs);
        Tensor rows = output.Levels[0].ClassLogits.Detach().Permute(0, 2, 3, 1).Reshape(-1, HeadInputs.Classes);
        Tensor background = TestTensor.Full([rows.Size(0)], HeadInputs.Classes, ScalarType.Int64), object0 =
            TestTensor.Zeros([rows.Size(0)], ScalarType.Int64);
        double expected = SigmoidFocalLoss.Elements(rows, background, alpha, gamma).Sum().Item();
        double actual = SigmoidFocalLoss.BackgroundSum(output.Levels[0].ClassLogits, assignment.LabelWeights[0].OnesLike(), 1, alpha, gamma)
            .Item();
        Assert.Equal(expected, actual, 1e-4 * expected);
        double difference = SigmoidFocalLoss.Difference(rows.Select(1, 0), alpha, gamma).Sum().Item();
        double all = SigmoidFocalLoss.Elements(rows, object0, alpha, gamma).Sum().Item();
        Assert.Equal(all, actual + difference, 1e-4 * all);
    }

    private static void Check(string name, HeadInputs inputs)
    {
        DenseOutput output = inputs.Output("student", HeadMaps.Centerness);
        HeadGolden.Check(Golden.Read(name).Tensors, output, Terms(inputs, output, new CenternessOptions()));
    }

    private static IReadOnlyList<LossTerm> Terms(HeadInputs inputs, DenseOutput output, CenternessOptions options) =>
        new CenternessCriterion(options).Compute(output, Assign(inputs), new DistanceCoding());

    private static BatchAssignment Assign(HeadInputs inputs) =>
        new AtssAssigner(PriorGenerator.Anchors([8, 16, 32, 64, 128])).Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
}

using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Criteria;

[Trait("Category", Golden.Category)]
public class GflCriterionTests : TensorTest
{
    [Theory]
    [InlineData("head_gfl_giou", BoxLossKind.Giou)]
    [InlineData("head_gfl_ciou", BoxLossKind.Ciou)]
    [InlineData("head_gfl_diou", BoxLossKind.Diou)]
    public void Losses_and_gradients_of_the_whole_head_are_the_references(string name, BoxLossKind box) =>
        Check(name, box, HeadInputs.Read());

    [Fact]
    public void An_image_without_objects_is_background() =>
        Check("head_gfl_one_image_empty", BoxLossKind.Giou, HeadInputs.Read().WithoutObjects(1));

    // The reference divides zero by zero here; its classification loss is sound.
    [Fact]
    public void A_batch_without_objects_gives_zero_box_losses_and_finite_gradients()
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("head_gfl_all_images_empty").Tensors;
        HeadInputs inputs = HeadInputs.Read().WithoutObjects();
        DenseOutput output = inputs.Output("student");
        IReadOnlyList<LossTerm> terms = Terms(inputs, output, BoxLossKind.Giou);
        Close(golden["loss.loss_cls"].As<float>(), terms[0].Value, 1e-4);
        Assert.Equal(0, terms[1].Value.Item());
        Assert.Equal(0, terms[2].Value.Item());
        Total(terms).Backward();
        foreach (LevelOutput level in output.Levels)
        {
            Assert.All(level.BoxLogits.Grad!.ToArray<float>(), g => Assert.Equal(0, g));
            Assert.All(level.ClassLogits.Grad!.ToArray<float>(), g => Assert.True(float.IsFinite(g)));
        }
    }

    [Fact]
    public void Joint_scores_are_taken_as_probabilities() => CheckJoint("head_gflv2", HeadInputs.Read());

    [Fact]
    public void Joint_scores_of_an_image_without_objects_are_background() =>
        CheckJoint("head_gflv2_one_image_empty", HeadInputs.Read().WithoutObjects(1));

    [Fact]
    public void Joint_scores_of_a_batch_without_objects_give_finite_zeros()
    {
        HeadInputs inputs = HeadInputs.Read().WithoutObjects();
        DenseOutput output = inputs.Output("student", HeadMaps.Joint);
        IReadOnlyList<LossTerm> terms = Terms(inputs, output, BoxLossKind.Giou);
        Assert.True(terms[0].Value.Item() > 0);
        Assert.Equal([0, 0], terms.Skip(1).Select(t => t.Value.Item()));
        Total(terms).Backward();
        Assert.All(output.Levels.SelectMany(l => l.JointScores!.Grad!.ToArray<float>()), g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void Weights_scale_their_terms()
    {
        HeadInputs inputs = HeadInputs.Read();
        var options = new GflOptions
        {
            Classification = new QualityFocalOptions { Weight = 2 },
            Box = new IouLossOptions { Weight = 6 },
            Distribution = new DistributionLossOptions { Weight = 1 },
        };
        BatchAssignment assignment = Assign(inputs);
        DenseOutput output = inputs.Output("student");
        IReadOnlyList<LossTerm> plain = new GflCriterion(new GflOptions()).Compute(output, assignment, new DistanceCoding());
        IReadOnlyList<LossTerm> scaled = new GflCriterion(options).Compute(output, assignment, new DistanceCoding());
        double[] factors = [2, 3, 4];
        for (int k = 0; k < factors.Length; k++)
        {
            Assert.Equal(factors[k], scaled[k].Value.Item() / plain[k].Value.Item(), 4);
        }
    }

    private static BatchAssignment Assign(HeadInputs inputs) =>
        new AtssAssigner(PriorGenerator.Anchors([8, 16, 32, 64, 128])).Assign(inputs.Levels, inputs.Targets, TestDevice.Current);

    private static IReadOnlyList<LossTerm> Terms(HeadInputs inputs, DenseOutput output, BoxLossKind box) =>
        new GflCriterion(new GflOptions { Box = new IouLossOptions { Type = box } }).Compute(output, Assign(inputs), new DistanceCoding());

    private static Tensor Total(IReadOnlyList<LossTerm> terms) => terms.Select(t => t.Value).Aggregate((a, b) => a + b);

    private static void Check(string name, BoxLossKind box, HeadInputs inputs)
    {
        DenseOutput output = inputs.Output("student");
        HeadGolden.Check(Golden.Read(name).Tensors, output, Terms(inputs, output, box));
    }

    private static void CheckJoint(string name, HeadInputs inputs)
    {
        DenseOutput output = inputs.Output("student", HeadMaps.Joint);
        HeadGolden.Check(Golden.Read(name).Tensors, output, Terms(inputs, output, BoxLossKind.Giou));
    }
}

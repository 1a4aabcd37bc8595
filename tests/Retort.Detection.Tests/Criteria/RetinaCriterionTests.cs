using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Tests.Criteria;

public class RetinaCriterionTests : TensorTest
{
    [Fact]
    [Trait("Category", Golden.Category)]
    public void Losses_and_gradients_of_the_whole_head_are_the_references() => Check("head_retina", HeadInputs.Read("head_inputs_retina"));

    [Fact]
    [Trait("Category", Golden.Category)]
    public void An_image_without_objects_is_background() =>
        Check("head_retina_one_image_empty", HeadInputs.Read("head_inputs_retina").WithoutObjects(1));

    [Fact]
    public void A_batch_without_objects_gives_a_zero_box_loss_and_finite_gradients()
    {
        HeadInputs inputs = HeadInputs.Read("head_inputs_retina").WithoutObjects();
        DenseOutput output = inputs.Output("student");
        IReadOnlyList<LossTerm> terms = Terms(inputs, output, new RetinaOptions());
        Assert.Equal(0, terms[1].Value.Item());
        (terms[0].Value + terms[1].Value).Backward();
        Assert.All(output.Levels.SelectMany(l => l.BoxLogits.Grad!.ToArray<float>()), g => Assert.Equal(0, g));
        Assert.All(output.Levels.SelectMany(l => l.ClassLogits.Grad!.ToArray<float>()), g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void Weights_scale_their_terms()
    {
        HeadInputs inputs = HeadInputs.Read("head_inputs_retina");
        DenseOutput output = inputs.Output("student");
        IReadOnlyList<LossTerm> plain = Terms(inputs, output, new RetinaOptions());
        IReadOnlyList<LossTerm> scaled =
            Terms(inputs, output, new RetinaOptions
            {
                Classification = new FocalOptions { Weight = 2 },
                Box = new IouLossOptions { Weight = 6 }
            });
        Assert.Equal([2, 3], plain.Zip(scaled).Select(p => Math.Round(p.Second.Value.Item() / p.First.Value.Item(), 4)));
    }

    private static void Check(string name, HeadInputs inputs)
    {
        DenseOutput output = inputs.Output("student");
        HeadGolden.Check(Golden.Read(name).Tensors, output, Terms(inputs, output, new RetinaOptions()));
    }

    private static IReadOnlyList<LossTerm> Terms(HeadInputs inputs, DenseOutput output, RetinaOptions options)
    {
        var assigner = new MaxIouAssigner(PriorGenerator.Anchors([8, 16, 32, 64, 128], 4, 3, [0.5, 1, 2]), new MaxIouOptions());
        return new RetinaCriterion(options)
            .Compute(output, assigner.Assign(inputs.Levels, inputs.Targets, TestDevice.Current), new DistanceCoding());
    }
}

using Retort.Detection.Dense;
using Retort.Torch;
using static Retort.Distillation.Tests.SmallBatch;

namespace Retort.Distillation.Tests;

public class FeatureAdaptationTests : TensorTest
{
    private static readonly DistillationTerm s_everywhere =
        Terms.Imitation(Region.Everywhere, 1) with { Normalisation = Normalisation.PerPositive };

    [Fact]
    public void Features_of_other_widths_are_refused_and_the_message_names_the_option() => Assert.Equal(
        "the teacher's features have 10 channels and the student's 6; features can be imitated only between equal ones: "
        + "let a layer adapt the student's ('adaptation.type: conv1x1' or 'conv3x3'), or give both the same 'neck.channels'",
        Assert.Throws<KnowledgeMismatchException>(
            () => Compatibility.Check(Outputs.Of(Output(1, 1)), Outputs.Of(Output(1, 2, features: 10)), [s_everywhere])).Message);

    [Fact]
    public void Features_that_are_adapted_may_have_other_widths() =>
        Compatibility.Check(Outputs.Of(Output(1, 1)), Outputs.Of(Output(1, 2, features: 10)), [s_everywhere], adapted: true);

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    public void With_a_layer_they_are_imitated_and_both_learn(int kernel, bool shared)
    {
        using var distiller = new Distiller([s_everywhere, Terms.Main],
            adaptation: new FeatureAdaptation([6, 6], [10, 10], kernel, shared));
        (DenseOutput student, DenseOutput teacher) = (Output(2, 3), Output(2, 4, features: 10));
        IReadOnlyList<LossTerm> values = distiller.Compute(student, teacher, Assign(Images(2)));
        Assert.All(values, v => Assert.True(v.Value.Item() > 0));
        values[0].Value.Backward();
        Assert.All(student.Features, map => Assert.Contains(map.Grad!.ToArray<float>(), g => g != 0));
        Assert.All(distiller.NamedParameters(), p => Assert.Contains(p.Tensor.Grad!.ToArray<float>(), g => g != 0));
        Assert.Equal(
            shared ? ["adaptation.0.weight", "adaptation.0.bias"]
                : ["adaptation.0.weight", "adaptation.0.bias", "adaptation.1.weight", "adaptation.1.bias"],
            distiller.NamedParameters().Select(p => p.Name));
        Assert.Equal([10, 6, kernel, kernel], distiller.NamedParameters().First().Tensor.Shape);
    }

    [Fact]
    public void A_layer_that_copies_leaves_the_value_as_it_is()
    {
        (DenseOutput student, DenseOutput teacher) = (Output(1, 5), Output(1, 6));
        using var distiller = new Distiller([s_everywhere], adaptation: new FeatureAdaptation([6, 6], [6, 6], shared: true));
        using (new NoGradScope())
        {
            distiller.NamedParameters().First().Tensor.Detach()
                .CopyFrom(TestTensor.From([.. Enumerable.Range(0, 36).Select(k => k % 7 == 0 ? 1f : 0)], 6, 6, 1, 1));
        }

        double plain = new Distiller([s_everywhere]).Compute(student, teacher, Assign(Images(1)))[0].Value.Item();
        Assert.Equal(plain, distiller.Compute(student, teacher, Assign(Images(1)))[0].Value.Item(), 5);
    }

    [Fact]
    public void Another_number_of_levels_is_refused_before_anything_is_trained() => Assert.Equal(
        "the teacher predicts on 3 pyramid levels and the student on 2; give both the same 'neck.levels'",
        Assert.Throws<KnowledgeMismatchException>(() => new FeatureAdaptation([6, 6], [8, 8, 8])).Message);

    [Fact]
    public void One_layer_for_levels_of_different_widths_is_refused() => Assert.Contains(
        "'adaptation.shared: false'",
            Assert.Throws<KnowledgeMismatchException>(() => new FeatureAdaptation([6, 8], [8, 8], shared: true)).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_kernel_that_would_shrink_the_maps_is_refused(int kernel) =>
        Assert.Throws<ArgumentException>(() => new FeatureAdaptation([6], [8], kernel));

    [Fact]
    public void Without_layers_a_distiller_has_no_parameters() => Assert.Empty(new Distiller(Terms.Paper).NamedState());
}

using Retort.Core.Geometry;
using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Detection.Losses;
using Retort.Detection.Priors;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Criteria;

/// <summary>Losses of RetinaNet for rotated boxes.</summary>
public class RotatedRetinaCriterionTests : TensorTest
{
    private static readonly PriorGenerator s_priors = PriorGenerator.Anchors([8, 16, 32, 64, 128], 4, 3, [1, 0.5, 2]);
    private static readonly RotatedRetinaOptions s_gwd = new() { Box = new GwdOptions { Weight = 5 } };
    private static readonly RotatedRetinaOptions s_kld = new() { Box = new KldOptions { Divisor = RotatedLossDivisor.LevelPositives } };

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("gwd", "")]
    [InlineData("gwd", "_one_image_empty")]
    [InlineData("kld", "")]
    [InlineData("kld", "_one_image_empty")]
    public void Losses_are_the_references(string loss, string suffix)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read($"rot_head_distribution_{loss}{suffix}").Tensors;
        HeadInputs inputs = HeadInputs.ReadRotated();
        inputs = suffix.Length == 0 ? inputs : inputs.WithoutObjects(1);
        DenseOutput output = inputs.Output("student");
        HeadGolden.Check(golden, output, Compute(output, inputs, loss == "gwd" ? s_gwd : s_kld));
    }

    public static TheoryData<RotatedBoxLossOptions> BoxLosses =>
        [new SmoothL1Options(), new GwdOptions(), new KldOptions(), new ReverseKldOptions(), new KfIouOptions()];

    [Theory]
    [MemberData(nameof(BoxLosses))]
    public void Every_box_loss_teaches_and_a_batch_without_objects_gives_zero(RotatedBoxLossOptions box)
    {
        foreach (RotatedLossDivisor divisor in Enum.GetValues<RotatedLossDivisor>())
        {
            var options = new RotatedRetinaOptions { Box = box with { Divisor = divisor } };
            HeadInputs inputs = HeadInputs.ReadRotated();
            DenseOutput output = inputs.Output("student");
            Tensor value = Compute(output, inputs, options)[1].Value;
            Assert.InRange(value.Item(), 1e-3, 1e3);
            Assert.All(Tensor.Gradients(value, [output.Levels[0].BoxLogits])[0]!.ToArray<float>(), g => Assert.True(float.IsFinite(g)));
            Assert.Equal(0, Compute(output, inputs.WithoutObjects(), options)[1].Value.Item());
        }
    }

    [Fact]
    public void Plain_differences_cost_nothing_where_they_are_the_targets()
    {
        HeadInputs inputs = HeadInputs.ReadRotated();
        BatchAssignment assignment = new MaxIouAssigner(s_priors, new MaxIouOptions { Rotated = AngleConvention.Oc })
            .Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        var coding = new RotatedDeltaCoding(new RotatedCoderOptions { Convention = AngleConvention.Le90 });
        Tensor targets = coding.Encode(assignment.Positives.Priors, assignment.Positives.Boxes);
        float[][] maps = AssignmentMaps.Spread(assignment.Priors, 2, assignment.Positives.Selection, targets.ToArray<float>(), 0f, 5);
        DenseOutput scores = inputs.Output("student");
        var output = new DenseOutput(
            [.. scores.Levels.Select((level, l) => level with { BoxLogits = TestTensor.From(maps[l], 2, level.Height, level.Width, 45)
                .Permute(0, 3, 1, 2) })], []);
        foreach (RotatedBoxLossOptions box
            in new RotatedBoxLossOptions[] { new SmoothL1Options(), new GwdOptions(), new KfIouOptions { Form = KalmanFilterIouMap.None } })
        {
            double value = new RotatedRetinaCriterion(new RotatedRetinaOptions { Box = box })
                .Compute(output, assignment, coding)[1].Value.Item();

            // The overlap of two equal boxes as Gaussians is a third.
            Assert.Equal(box is KfIouOptions ? 2.0 / 3 : 0, value, 2e-2);
        }
    }

    private static IReadOnlyList<LossTerm> Compute(DenseOutput output, HeadInputs inputs, RotatedRetinaOptions options)
    {
        BatchAssignment assignment = new MaxIouAssigner(s_priors, new MaxIouOptions { Rotated = AngleConvention.Oc })
            .Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        return new RotatedRetinaCriterion(options)
            .Compute(output, assignment, new RotatedDeltaCoding(new RotatedCoderOptions(), RotatedDeltaCoding.PublishedRanges));
    }
}

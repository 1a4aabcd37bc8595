using Retort.Detection.Assigners;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;

namespace Retort.Detection.Tests.Criteria;

/// <summary>The losses of the whole FCOS head, which are those of ATSS with other priors and weights.</summary>
[Trait("Category", Golden.Category)]
public class FcosGoldenTests : TensorTest
{
    [Fact]
    public void Losses_and_gradients_of_the_whole_head_are_the_references() => Check("head_fcos", HeadInputs.Read());

    [Fact]
    public void An_image_without_objects_is_background() => Check("head_fcos_one_image_empty", HeadInputs.Read().WithoutObjects(1));

    [Fact]
    public void A_batch_without_objects_gives_zero_box_losses() => Check("head_fcos_all_images_empty", HeadInputs.Read().WithoutObjects());

    private static void Check(string name, HeadInputs inputs)
    {
        DenseOutput output = inputs.Output("student", HeadMaps.Centerness);
        BatchAssignment assignment = new FcosAssigner([8, 16, 32, 64, 128], new FcosOptions())
            .Assign(inputs.Levels, inputs.Targets, TestDevice.Current);
        HeadGolden.Check(Golden.Read(name).Tensors, output, new CenternessCriterion(
            new CenternessOptions { Box = new IouLossOptions { Weight = 1 } }).Compute(output, assignment, new DistanceCoding()));
    }
}
